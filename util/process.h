/* SPDX-License-Identifier: GPL-2.0-only */
/* The processes of a program: none outlives its parent, and all of them hear of an interrupt. */
#ifndef _UTIL_PROCESS_H
#define _UTIL_PROCESS_H

#include <sys/types.h>

/**
 * process_fork - fork a process that ends when this one does
 *
 * What is buffered is written first. Return: as fork(); a failure ends this process with 2.
 */
pid_t process_fork(void);

/**
 * interrupt_catch - from now on SIGINT, SIGTERM and SIGHUP are noted
 *
 * By whichever process hears of them: this one and all that it forks know it then. A SIGHUP that
 * is ignored stays so.
 */
void interrupt_catch(void);
/* Return: the signal that was caught, or 0. */
int interrupted(void);
/* Return: seconds since the first one was; 0 if none was. */
double interrupted_for(void);
/* "SIGINT", "SIGTERM", "SIGHUP": the one that was caught. */
const char *interrupt_name(void);

#endif /* _UTIL_PROCESS_H */
