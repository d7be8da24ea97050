/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory the process has now, for tests of growth. */
#ifndef MACHINE_TEST_RSS_H
#define MACHINE_TEST_RSS_H

#include <stdio.h>
#include <unistd.h>

/*
 * Not getrusage(): its maximum begins with that of the program before execve(), and hides whatever
 * stays below. Return: KiB; -1: not known.
 */
static inline long rss_now(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	long pages;

	if (!statm)
		return -1;
	if (fscanf(statm, "%*d %ld", &pages) != 1)
		pages = -1;
	fclose(statm);
	return pages < 0 ? -1 : pages * (sysconf(_SC_PAGESIZE) / 1024);
}

#endif
