/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks, references, per-CPU data, waiting. A lock's class is derived from the expression with
 * which the tree initialises it.
 */
#ifndef _SHIM_LOCK_H
#define _SHIM_LOCK_H

#include <kernel/lockdep.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/percpu-refcount.h>
#include <kernel/rcupdate.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>

/* The class of @lock, which spin_lock_init(@what) makes ready. */
enum lock_class tree_lock_class(const spinlock_t *lock, const char *what);

#ifdef TREE_SOURCE
#define spin_lock_init(l) \
	do { (spin_lock_init)(l); (l)->dep.class = tree_lock_class(l, #l); } while (0)
#define mutex_init(l) \
	do { (mutex_init)(l); (l)->dep.class = lock_class_own_mutex; } while (0)
#define init_rwsem(l) \
	do { (init_rwsem)(l); (l)->dep.class = lock_class_own_mutex; } while (0)
/* classes are the harness's: a key of a patch's says nothing here */
struct lock_class_key { int unused; };
#undef lockdep_set_class
#define lockdep_set_class(l, key) ((void)(l), (void)(key))
#define lockdep_register_key(key) ((void)(key))
#define lockdep_unregister_key(key) ((void)(key))
/* a lock that the harness knows, or a patch's own */
#define __TREE_CLASS_swap_lock ~, lock_class_swap_lock
#define __TREE_CLASS_swap_avail_lock ~, lock_class_swap_avail_lock
#define __TREE_CLASS_mmlist_lock ~, lock_class_mmlist_lock
#define __TREE_CLASS_swapon_mutex ~, lock_class_swapon_mutex
#define __TREE_CLASS_2(a, b, ...) b
#define __TREE_CLASS_1(...) __TREE_CLASS_2(__VA_ARGS__)
#undef DEFINE_SPINLOCK
#define DEFINE_SPINLOCK(name) \
	spinlock_t name = __SPIN_LOCK_UNLOCKED((__TREE_CLASS_1(__TREE_CLASS_##name, lock_class_own, )))
#undef DEFINE_MUTEX
#define DEFINE_MUTEX(name) \
	struct mutex name = { .dep = { .class = (__TREE_CLASS_1(__TREE_CLASS_##name, lock_class_own_mutex, )) } }
#define DECLARE_RWSEM(name) struct rw_semaphore name = { .dep = { .class = lock_class_own_mutex } }
#define assert_spin_locked(l) lockdep_assert_held(l)
#undef INIT_LOCAL_LOCK
#define INIT_LOCAL_LOCK(...) { .dep = { .class = lock_class_percpu_swap_cluster } }
#undef per_cpu_ptr
#define per_cpu_ptr(ptr, cpu) ((__typeof__(&(ptr)[0]))__per_cpu_ptr((ptr), (cpu)))
#define percpu_ref_init(ref, fn, flags, gfp) \
	(should_fail_alloc(ALLOC_SWAPON) ? -ENOMEM : ((percpu_ref_init)(ref, fn), 0))
#define PERCPU_REF_INIT_DEAD 0
#endif

/* The assertions of mm/swap.h tell the check DEVICE-REF of a use; anybody else only asks. */
#define percpu_ref_is_zero(ref)							\
	(__builtin_strncmp(__func__, "__swap_", 7) ? !percpu_ref_count(ref) : (percpu_ref_is_zero)(ref))

/* --- what only patches use ---------------------------------------------------------------------- */

#define spin_lock_irqsave(l, flags) do {					\
	(flags) = irqs_disabled();						\
	if (flags)								\
		spin_lock(l);							\
	else									\
		spin_lock_irq(l);						\
} while (0)
#define spin_unlock_irqrestore(l, flags) do {					\
	if (flags)								\
		spin_unlock(l);							\
	else									\
		spin_unlock_irq(l);						\
} while (0)
/* nothing runs in a softirq */
#define spin_lock_bh(l) spin_lock(l)
#define spin_unlock_bh(l) spin_unlock(l)
#define spin_is_locked(l) (!!READ_ONCE((l)->owner))
#define spin_is_contended(l) ((void)(l), false)
#define need_resched() should_abort()
#define spin_needbreak(l) ((void)(l), need_resched())
#define cond_resched_lock(l) ({							\
	bool __resched = need_resched();					\
	if (__resched) {							\
		spin_unlock(l);							\
		cond_resched();							\
		spin_lock(l);							\
	}									\
	__resched;								\
})
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert_held_write(l) lockdep_assert_held(l)
#define lockdep_assert_held_read(l) lockdep_assert_held(l)
#define lockdep_assert_in_rcu_read_lock() ((void)WARN_ON(!rcu_read_lock_held()))
#define lockdep_assert_preemption_disabled() ((void)WARN_ON(preemptible()))
#define lockdep_assert(cond) ((void)WARN_ON(!(cond)))
#define might_lock(l) ((void)(l))
#define mutex_is_locked(l) (!!READ_ONCE((l)->owner))
#define __lock_killable(lock, l) ({						\
	int __err = (signal_pending)() ? -EINTR : 0;				\
	if (!__err)								\
		lock(l);							\
	__err;									\
})
#define mutex_lock_killable(l) __lock_killable(mutex_lock, l)
#define mutex_lock_interruptible(l) mutex_lock_killable(l)
#define down_read_killable(l) __lock_killable(down_read, l)
#define down_write_killable(l) __lock_killable(down_write, l)
typedef spinlock_t raw_spinlock_t;
#define DEFINE_RAW_SPINLOCK(name) DEFINE_SPINLOCK(name)
#define raw_spin_lock_init(l) spin_lock_init(l)
#define raw_spin_lock(l) spin_lock(l)
#define raw_spin_unlock(l) spin_unlock(l)
#define raw_spin_trylock(l) spin_trylock(l)
#define raw_spin_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define raw_spin_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)
/* stricter: readers exclude each other, and may not nest */
typedef spinlock_t rwlock_t;
#define DEFINE_RWLOCK(name) DEFINE_SPINLOCK(name)
#define rwlock_init(l) spin_lock_init(l)
#define read_lock(l) spin_lock(l)
#define read_unlock(l) spin_unlock(l)
#define write_lock(l) spin_lock(l)
#define write_unlock(l) spin_unlock(l)
#define synchronize_rcu_expedited() synchronize_rcu()
#define rcu_replace_pointer(p, new, cond) ({					\
	__typeof__(p) __was = rcu_dereference_protected(p, cond);		\
	rcu_assign_pointer(p, new);						\
	__was;									\
})
#define rcu_pointer_handoff(p) (p)
#define unrcu_pointer(p) (p)

/* a section without preemption is one of RCU, too: more lenient where RCU-DEREF is concerned */
#define preempt_disable() rcu_read_lock()
#define preempt_enable() rcu_read_unlock()
#define migrate_disable() ((void)0)
#define migrate_enable() ((void)0)
#define smp_processor_id() raw_smp_processor_id()
#define get_cpu() ({ preempt_disable(); raw_smp_processor_id(); })
#define put_cpu() preempt_enable()
#define raw_cpu_ptr(p) this_cpu_ptr(p)
#define get_cpu_ptr(p) ({ preempt_disable(); this_cpu_ptr(p); })
#define put_cpu_ptr(p) do { (void)(p); preempt_enable(); } while (0)
#define this_cpu_add(var, n) do {						\
	machine_point(POINT_ATOMIC_RMW, this_cpu_ptr(&(var)));			\
	__atomic_fetch_add(this_cpu_ptr(&(var)), n, __ATOMIC_RELAXED);		\
} while (0)
#define this_cpu_sub(var, n) this_cpu_add(var, -(n))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_add(var, -1)
#ifdef TREE_SOURCE
#define nr_cpu_ids ((nr_cpu_ids)())
#undef for_each_possible_cpu
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++)
#endif
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define num_online_cpus() nr_cpu_ids
#define num_possible_cpus() nr_cpu_ids

/* before the last reference is dropped as well as after: whoever tries has to be ready for that */
#define percpu_ref_tryget(ref) percpu_ref_tryget_live(ref)
#define percpu_ref_is_dying(ref) (!!(atomic_long_read(&(ref)->count) & PERCPU_REF_DEAD))
#define percpu_ref_reinit(ref) percpu_ref_resurrect(ref)

struct workqueue_struct;
#define system_wq ((struct workqueue_struct *)NULL)
#define system_unbound_wq system_wq
#define system_percpu_wq system_wq
#define system_dfl_wq system_wq
#define system_long_wq system_wq
#define WQ_UNBOUND 0
#define WQ_MEM_RECLAIM 0
#define WQ_PERCPU 0
#define alloc_workqueue(name, flags, max, ...) ((struct workqueue_struct *)1)
#define destroy_workqueue(wq) flush_workqueue(wq)
#define flush_workqueue(wq) ((void)(wq), flush_all_work())
#define queue_work(wq, work) ((void)(wq), schedule_work(work))
#define queue_work_on(cpu, wq, work) ((void)(cpu), queue_work(wq, work))
#define schedule_work_on(cpu, work) ((void)(cpu), schedule_work(work))
#define work_pending(work) READ_ONCE((work)->pending)
#define cancel_work_sync(work) ({						\
	struct work_struct *__work = (work);					\
	bool __was = cancel_work(__work);					\
	flush_work(__work);							\
	__was;									\
})
/*
 * Until its timer is over, the item is not queued: flush_work() does not wait for it. The timer is an item of its own,
 * so that it is over whenever a worker gets to that.
 */
struct delayed_work {
	struct work_struct work, timer;
	atomic_t armed;
};
#define to_delayed_work(w) container_of(w, struct delayed_work, work)

static inline void __delayed_work_timer(struct work_struct *timer)
{
	struct delayed_work *dwork = container_of(timer, struct delayed_work, timer);

	if (atomic_xchg(&dwork->armed, 0))
		schedule_work(&dwork->work);
}

#define INIT_DELAYED_WORK(dwork, fn) do {					\
	INIT_WORK(&(dwork)->work, fn);						\
	INIT_WORK(&(dwork)->timer, __delayed_work_timer);			\
	atomic_set(&(dwork)->armed, 0);						\
} while (0)

static inline bool __queue_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	if (!delay)
		return atomic_read(&dwork->armed) ? false : schedule_work(&dwork->work);
	if (work_pending(&dwork->work) || atomic_xchg(&dwork->armed, 1))
		return false;
	schedule_work(&dwork->timer);
	return true;
}

#define schedule_delayed_work(dwork, delay) __queue_delayed_work(dwork, delay)
#define queue_delayed_work(wq, dwork, delay) ((void)(wq), __queue_delayed_work(dwork, delay))
#define delayed_work_pending(dwork) (atomic_read(&(dwork)->armed) || work_pending(&(dwork)->work))

static inline bool __stop_timer(struct delayed_work *dwork)
{
	bool was = atomic_xchg(&dwork->armed, 0);

	cancel_work(&dwork->timer);
	return was;
}

/* The timer is over at once. */
static inline bool flush_delayed_work(struct delayed_work *dwork)
{
	if (__stop_timer(dwork))
		schedule_work(&dwork->work);
	flush_work(&dwork->timer);
	flush_work(&dwork->work);
	return true;
}

static inline bool cancel_delayed_work(struct delayed_work *dwork)
{
	bool was = __stop_timer(dwork);

	return cancel_work(&dwork->work) || was;
}

static inline bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was = cancel_delayed_work(dwork);

	flush_work(&dwork->timer);
	/* what the timer queued meanwhile */
	return cancel_work_sync(&dwork->work) || was;
}

static inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	__queue_delayed_work(dwork, delay);
	return was;
}

/*
 * A wait for a condition looks at it again and again. A wake-up that is missing is not seen, and a wait that
 * never ends is a LIVELOCK.
 */
#define wait_event(wq, cond) do {						\
	(void)&(wq);								\
	might_sleep();								\
	while (!(cond))								\
		cpu_relax();							\
} while (0)
#define wait_event_killable(wq, cond) ({					\
	int __err = 0;								\
	might_sleep();								\
	while (!(cond) && !__err) {						\
		__err = (signal_pending)() ? -EINTR : 0;			\
		cpu_relax();							\
	}									\
	__err;									\
})
#define wait_event_interruptible(wq, cond) wait_event_killable(wq, cond)
#define wait_var_event(var, cond) wait_event(*(var), cond)
#define wake_up(wq) ((void)(wq))
#define wake_up_all(wq) ((void)(wq))
#define wake_up_var(var) ((void)(var))
#define init_waitqueue_head(wq) ((void)(wq))

/* for poll() of /proc/swaps, which does not wait */
struct tree_wait_queue_head { int unused; };
#define DECLARE_WAIT_QUEUE_HEAD(n) __attribute__((unused)) struct tree_wait_queue_head n
typedef struct tree_wait_queue_head wait_queue_head_t;
void tree_wakes_pollers(void);
#define wake_up_interruptible(w) ((void)(w), tree_wakes_pollers())

#endif /* _SHIM_LOCK_H */
