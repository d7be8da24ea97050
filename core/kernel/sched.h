/* SPDX-License-Identifier: GPL-2.0-only */
/* The running task, and giving up the CPU. */
#ifndef _KERNEL_SCHED_H
#define _KERNEL_SCHED_H

#include <kernel/machine.h>

void __might_sleep(const char *what, const char *site);
/* Fails the run if a spinlock or local lock is held, irqs are off, or in an RCU section. */
#define might_sleep() __might_sleep("might_sleep", CODE_SITE)

void __cond_resched(const char *site);
#define cond_resched() __cond_resched(CODE_SITE)
/* In a retry loop: the others must run before this can make progress. */
void cpu_relax(void);

/* A signal for this task is pending (SWAPOFF's "signal after k rounds"). */
bool signal_pending(void);
/* Arms a signal that becomes pending at the n-th signal_pending() from now; 0 disarms. */
void signal_after(unsigned int n);

/*
 * A task that reclaims has PF_MEMALLOC: its own allocations do not reclaim. Return: what to
 * restore.
 */
unsigned int memalloc_noreclaim_save(void);
void memalloc_noreclaim_restore(unsigned int flags);

/*
 * Between these two the task writes an image of memory (linux/suspend.h), and storage is suspended: for this task only,
 * since others, which the kernel has frozen then, go on.
 */
void pm_restrict_gfp_mask(void);
void pm_restore_gfp_mask(void);
bool pm_suspended_storage(void);

/* True if irqs are off for this task. */
bool irqs_disabled(void);
/*
 * Until irq_exit() the task stands for an interrupt, such as the completion of an I/O: it may not sleep, nor wait
 * for a lock that tasks take with interrupts on. Interrupts do not nest.
 */
void irq_enter(void);
void irq_exit(void);
/* False between these two. */
bool in_task(void);
/* True if the task holds no spinlock, local lock, RCU section, has irqs on, and is in no interrupt. */
bool preemptible(void);

/* A random number below @n (n > 0) from the task's seeded stream; a choice under control. */
unsigned int machine_random(unsigned int n);

#endif /* _KERNEL_SCHED_H */
