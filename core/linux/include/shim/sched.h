/* SPDX-License-Identifier: GPL-2.0-only */
/* The running task as the tree sees it. */
#ifndef _SHIM_SCHED_H
#define _SHIM_SCHED_H

#include <kernel/sched.h>
#include <kernel/vmstat.h>
#include <shim/state.h>

struct mm_struct;
struct reclaim_state;
struct tree_task {
	struct mm_struct *mm;
	unsigned int flags;
	struct reclaim_state *reclaim_state;
	void *throttle_disk;
	int usage;			/* references beside its own */
	int pid;
	char comm[16];
};
extern struct tree_task *const tree_current;

#define PF_KSWAPD 0x20000
#define set_current_oom_origin() tree_state_add(STATE_OOM_ORIGIN, 1)
#define clear_current_oom_origin() tree_state_add(STATE_OOM_ORIGIN, -1)
#define security_vm_enough_memory_mm(mm, pages) tree_commit(pages)
#define vm_unacct_memory(pages) tree_state_add(STATE_COMMITTED, -(long)(pages))

/* time passes by chance, from 0 on in each schedule */
extern unsigned long tree_time;
unsigned long tree_jiffies(void);
#define jiffies tree_jiffies()
#define HZ 1000
#define msecs_to_jiffies(ms) ((unsigned long)(ms))
#define jiffies_to_msecs(j) ((unsigned int)(j))
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) (!time_before(a, b))
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define schedule_timeout_uninterruptible(timeout) ({ (void)(timeout); might_sleep(); cpu_relax(); 0L; })
#define schedule_timeout_killable(timeout) schedule_timeout_uninterruptible(timeout)
#define schedule_timeout_interruptible(timeout) schedule_timeout_uninterruptible(timeout)
#define schedule_timeout_idle(timeout) schedule_timeout_uninterruptible(timeout)
#define msleep(ms) ((void)schedule_timeout_uninterruptible(ms))
#define usleep_range(least, most) msleep(least)
#define udelay(us) ((void)(us), cpu_relax())
#define get_random_u32_below(n) machine_random(n)
#define get_random_u32() machine_random(0xffffffff)
#define fatal_signal_pending(t) ((void)(t), (signal_pending)())
#define jiffies_64 ((u64)jiffies)
#define get_jiffies_64() jiffies_64
#define secs_to_jiffies(s) ((unsigned long)(s) * HZ)
#define usecs_to_jiffies(us) DIV_ROUND_UP((unsigned long)(us), 1000)
#define task_pid_nr(t) ((t)->pid)
#define ssleep(s) msleep((s) * 1000)
#define fsleep(us) msleep(us)
#define ndelay(ns) udelay(ns)
#define mdelay(ms) udelay(ms)
#define get_random_long() ((unsigned long)get_random_u32() << 32 | get_random_u32())
#define might_sleep_if(cond) do { if (cond) might_sleep(); } while (0)
#define in_interrupt() (!in_task())
#define PF_MEMALLOC 0x800
#define PF_EXITING 0x4

#ifdef TREE_SOURCE
#undef current
#define current tree_current
#define signal_pending(t) (signal_pending)()
#define count_vm_event(x) count_vm_events(x, 1)
#endif

#endif /* _SHIM_SCHED_H */
