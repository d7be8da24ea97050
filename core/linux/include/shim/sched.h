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
};
extern struct tree_task *const tree_current;

#define PF_KSWAPD 0x20000
#define set_current_oom_origin() tree_state_add(STATE_OOM_ORIGIN, 1)
#define clear_current_oom_origin() tree_state_add(STATE_OOM_ORIGIN, -1)
#define security_vm_enough_memory_mm(mm, pages) tree_commit(pages)
#define vm_unacct_memory(pages) tree_state_add(STATE_COMMITTED, -(long)(pages))
#define pm_suspended_storage() false

#ifdef TREE_SOURCE
#undef current
#define current tree_current
#define signal_pending(t) (signal_pending)()
#define count_vm_event(x) count_vm_events(x, 1)
#endif

#endif /* _SHIM_SCHED_H */
