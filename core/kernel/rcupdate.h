/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU. Explicit sections (rcu_read_lock) satisfy rcu_dereference(); spinlock and local lock
 * sections only hold grace periods back (SPEC 4.4).
 */
#ifndef _KERNEL_RCUPDATE_H
#define _KERNEL_RCUPDATE_H

#include <kernel/lockdep.h>
#include <kernel/atomic.h>

struct rcu_head {
	void *machine[2];		/* the machine's linkage */
	void (*func)(struct rcu_head *head);
};

void __rcu_read_lock(const char *site);
void __rcu_read_unlock(const char *site);
#define rcu_read_lock() __rcu_read_lock(CODE_SITE)
#define rcu_read_unlock() __rcu_read_unlock(CODE_SITE)
/* True inside an *explicit* read section of this task. */
bool rcu_read_lock_held(void);

/* Runs @func(@head) in a task of its own, holding nothing, after a grace period. */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
/* Waits for a grace period. May sleep; must not be called in any read section. */
void synchronize_rcu(void);
/* Waits until every callback queued before has run. May sleep. */
void rcu_barrier(void);

void __rcu_deref_check(bool ok, const char *expr, const char *site);

#define rcu_dereference_check(p, cond) ({					\
	__rcu_deref_check((cond) || rcu_read_lock_held(), #p, CODE_SITE);	\
	machine_point(POINT_RCU_DEREF, &(p));					\
	machine_seen(&(p), __atomic_load_n(&(p), __ATOMIC_ACQUIRE));		\
})
#define rcu_dereference(p) rcu_dereference_check(p, false)
/* Updates are excluded by a lock (@cond names it): a plain load, no ordering needed. */
#define rcu_dereference_protected(p, cond) ({					\
	__rcu_deref_check((cond), #p, CODE_SITE);				\
	(p);									\
})
/* The value only, never dereferenced: no read section needed. */
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) do {						\
	__typeof__(p) *__rp = &(p);						\
	machine_point(POINT_RCU_ASSIGN, __rp);					\
	machine_store_release(__rp);						\
	__atomic_store_n(__rp, (v), __ATOMIC_RELEASE);				\
} while (0)
#define RCU_INIT_POINTER(p, v) ((p) = (v))

#endif /* _KERNEL_RCUPDATE_H */
