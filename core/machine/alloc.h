/* SPDX-License-Identifier: GPL-2.0-only */
/* Between core/machine/alloc.c and the machines. */
#ifndef _MACHINE_ALLOC_H
#define _MACHINE_ALLOC_H

#include <kernel/slab.h>

/* a short lock of the machine's own: native: a raw spin, sim: nothing */
void machine_lock(void);
void machine_unlock(void);
/* The task sleeps in an allocation: it may wake up on another CPU. */
void machine_sleep_point(void);
/* A random decision of an allocation plan; 16 bits. */
unsigned int machine_random16(void);

void alloc_reset(void);			/* plans, counters, caches; no task runs */

#endif /* _MACHINE_ALLOC_H */
