/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine (core/native, core/sim) gives to the inline parts of these headers. The
 * include path chooses the machine, as the kernel chooses an architecture: <machine/arch.h>.
 */
#ifndef _KERNEL_MACHINE_H
#define _KERNEL_MACHINE_H

#include <kernel/types.h>

/*
 * Kinds of scheduling points. The order is part of the trace hash of the controlled machine:
 * append only.
 */
enum point_kind {
	POINT_LOCK,		/* before a lock is taken */
	POINT_TRYLOCK,
	POINT_UNLOCK,
	POINT_ATOMIC_READ,
	POINT_ATOMIC_WRITE,
	POINT_ATOMIC_RMW,
	POINT_RCU_LOCK,
	POINT_RCU_UNLOCK,
	POINT_RCU_ASSIGN,
	POINT_RCU_DEREF,
	POINT_CALL_RCU,
	POINT_SYNC_RCU,
	POINT_ALLOC,
	POINT_FREE,
	POINT_WAIT,
	POINT_WAKE,
	POINT_IO,
	POINT_RESCHED,		/* cond_resched */
	POINT_RELAX,		/* cpu_relax in a retry loop */
	POINT_FENCE,
	NR_POINT_KINDS,
};

/*
 * <machine/arch.h> provides
 *   static inline struct task_struct *get_current(void);
 *   static inline void machine_point(enum point_kind kind, const volatile void *obj);
 *   static inline void machine_mute(void), machine_unmute(void);
 *   machine_store(p), machine_store_release(p), machine_rmw(p), machine_seen(p, value);
 *   machine_fresh(p, size); static inline bool machine_is_weak(void);
 * The point comes *before* the effect. The native machine may delay, yield or migrate there;
 * the controlled machine enters its scheduler. In between mute and unmute, which nest, points
 * are not points: for checks, not for the core.
 *
 * With weak memory a store may be seen late: machine_store() comes before one that is relaxed, a
 * relaxed RMW included, machine_store_release() before one that releases, machine_rmw() before an
 * RMW that acquires or is fully ordered; machine_seen() is what a load sees that found @value;
 * machine_fresh() comes when memory was allocated that no other task has seen.
 */
struct task_struct;
#include <machine/arch.h>

#define current get_current()

#endif /* _KERNEL_MACHINE_H */
