/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small world for tests of core/swap: the native machine, one arena of folios, devices.
 * Scenarios run in a forked child each (scenario_run()), because a failure ends its process.
 */
#ifndef _SWAP_TEST_FIXTURE_H
#define _SWAP_TEST_FIXTURE_H

#include <check/check.h>
#include <check/gate.h>
#include <machine/machine.h>
#include <swap/cluster.h>

enum {
	DEV_ROTATING = 1,
	DEV_DISCARD = 2,
	DEV_SYNC = 4,
};

struct world {
	unsigned int slots;		/* per cluster; 0: 8 */
	unsigned int cpus;		/* 0: 2 */
	enum table_backend table;
	unsigned int watchdog_seconds;	/* 0: 20 */
};

void world_start(const struct world *world);
/* Drains, checks at quiescence, swaps everything off, checks that nothing is left. */
void world_stop(void);

/* A new device of @pages pages. Return: its type. */
unsigned int device_on(unsigned int pages, unsigned int dev_flags, int prio);
struct swap_info_struct *device(unsigned int type);
/* Return: a folio as folio_alloc_swap() wants it: locked, uptodate, swapbacked. */
struct folio *test_folio(unsigned int order);
/* The same after a successful folio_alloc_swap(). */
struct folio *test_folio_cached(unsigned int order);
/* folio_free_swap() if cached, unlock, drop the last reference. */
void test_folio_free(struct folio *folio);
/* Sets a CPU's hint, as a race would have left it. */
void hint_set(unsigned int cpu, unsigned int order, struct swap_info_struct *si,
	      unsigned long offset);
/* The next attempts at a site fail: @nr of them, 0 for all. */
void fail_next(enum alloc_site site, unsigned int nr);

/* Runs fn in a child. Return: its exit code; *@output: what it wrote to stderr. */
int scenario_run(void (*fn)(void), const char *mutant, const struct world *world,
		 char *output, size_t size);

#endif /* _SWAP_TEST_FIXTURE_H */
