/* SPDX-License-Identifier: GPL-2.0-only */
/* The processes of a program: none outlives its parent, and all of them see an interrupt. */
#ifndef _UTIL_PROCESS_H
#define _UTIL_PROCESS_H

#include <sys/types.h>

/**
 * process_fork - fork a process that ends when this one does
 *
 * Flushes buffered output first. Return: as fork(); a failure ends this process with 2.
 */
pid_t process_fork(void);

/**
 * interrupt_catch - note SIGINT, SIGTERM and SIGHUP from now on
 *
 * Whichever process gets the signal, this one and all that it forks see it. An ignored SIGHUP stays
 * ignored.
 */
void interrupt_catch(void);
/* Return: the signal that was caught, or 0. */
int interrupted(void);
/* Return: seconds since the first signal was caught; 0 if none was. */
double interrupted_for(void);
/* "SIGINT", "SIGTERM", "SIGHUP": the signal that was caught. */
const char *interrupt_name(void);

#endif /* _UTIL_PROCESS_H */
