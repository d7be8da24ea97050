/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data that only patches have. A task may go to another CPU at any point where it holds no lock, and another
 * task may be on the same one: get_cpu() does not keep it away, so that what this one then does to the CPU's data in
 * plain words is a RACE, while in the kernel it is none. All of the operations here are atomic.
 */
#ifndef _SHIM_PERCPU_H
#define _SHIM_PERCPU_H

#include <kernel/percpu.h>
#include <kernel/percpu-refcount.h>
#include <shim/moreatomic.h>

#define smp_processor_id() raw_smp_processor_id()
#define get_cpu() ({ preempt_disable(); raw_smp_processor_id(); })
#define put_cpu() preempt_enable()
#define raw_cpu_ptr(p) this_cpu_ptr(p)
#define get_cpu_ptr(p) ({ preempt_disable(); this_cpu_ptr(p); })
#define put_cpu_ptr(p) do { (void)(p); preempt_enable(); } while (0)
#define get_cpu_var(var) (*get_cpu_ptr(&(var)))
#define put_cpu_var(var) do { (void)&(var); preempt_enable(); } while (0)

/* the CPU is the one that the task is on behind the point */
#define __pcpu_rmw(var, op, n) ({						\
	__typeof__(&(var)) __copy;						\
	machine_point(POINT_ATOMIC_RMW, this_cpu_ptr(&(var)));			\
	__copy = this_cpu_ptr(&(var));						\
	machine_store(__copy);							\
	__atomic_##op(__copy, n, __ATOMIC_RELAXED);				\
})
#define this_cpu_add(var, n) ((void)__pcpu_rmw(var, fetch_add, n))
#define this_cpu_sub(var, n) this_cpu_add(var, -(n))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_add(var, -1)
#define this_cpu_and(var, n) ((void)__pcpu_rmw(var, fetch_and, n))
#define this_cpu_or(var, n) ((void)__pcpu_rmw(var, fetch_or, n))
#define this_cpu_add_return(var, n) __pcpu_rmw(var, add_fetch, n)
#define this_cpu_sub_return(var, n) this_cpu_add_return(var, -(n))
#define this_cpu_inc_return(var) this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var) this_cpu_add_return(var, -1)
#define this_cpu_xchg(var, n) __pcpu_rmw(var, exchange_n, n)
/* stronger than the kernel's: fully ordered */
#define this_cpu_cmpxchg(var, old, new) ({					\
	__typeof__(var) __was = (old);						\
	__typeof__(&(var)) __copy;						\
	machine_point(POINT_ATOMIC_RMW, this_cpu_ptr(&(var)));			\
	__copy = this_cpu_ptr(&(var));						\
	machine_rmw(__copy);							\
	__atomic_compare_exchange_n(__copy, &__was, (new), false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); \
	__was;									\
})
#define this_cpu_try_cmpxchg(var, old, new) ({					\
	__typeof__(var) *__expected = (old), __wanted = *__expected;		\
	*__expected = this_cpu_cmpxchg(var, __wanted, new);			\
	*__expected == __wanted;						\
})

/* without the local lock that this_cpu_read() and this_cpu_write() ask for */
#define __this_cpu_read(var) READ_ONCE(*this_cpu_ptr(&(var)))
#define __this_cpu_write(var, n) do {						\
	__typeof__(&(var)) __copy;						\
	machine_point(POINT_ATOMIC_WRITE, this_cpu_ptr(&(var)));		\
	__copy = this_cpu_ptr(&(var));						\
	machine_store(__copy);							\
	__atomic_store_n(__copy, (n), __ATOMIC_RELAXED);			\
} while (0)
#define __this_cpu_add(var, n) this_cpu_add(var, n)
#define __this_cpu_sub(var, n) this_cpu_sub(var, n)
#define __this_cpu_inc(var) this_cpu_inc(var)
#define __this_cpu_dec(var) this_cpu_dec(var)
#define __this_cpu_or(var, n) this_cpu_or(var, n)
#define __this_cpu_add_return(var, n) this_cpu_add_return(var, n)
#define __this_cpu_inc_return(var) this_cpu_inc_return(var)
#define __this_cpu_dec_return(var) this_cpu_dec_return(var)
#define __this_cpu_xchg(var, n) this_cpu_xchg(var, n)
#define __this_cpu_cmpxchg(var, old, new) this_cpu_cmpxchg(var, old, new)
#define raw_cpu_read(var) __this_cpu_read(var)
#define raw_cpu_write(var, n) __this_cpu_write(var, n)
#define raw_cpu_add(var, n) this_cpu_add(var, n)
#define raw_cpu_inc(var) this_cpu_inc(var)

#ifdef TREE_SOURCE
#define nr_cpu_ids ((nr_cpu_ids)())
#undef for_each_possible_cpu
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++)
#define alloc_percpu_gfp(type, gfp) ({						\
	_Static_assert(sizeof(type) <= PERCPU_UNIT, "a CPU's part is small");	\
	(type __percpu *)kzalloc(nr_cpu_ids * PERCPU_UNIT, gfp);		\
})
#define alloc_percpu(type) alloc_percpu_gfp(type, GFP_KERNEL)
#define free_percpu(p) kfree(p)
#endif
/* By choice each CPU but the caller's is offline, and back at once: what it has per CPU stays, as in the kernel. */
bool tree_cpu_online(unsigned int cpu);
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu) if (!tree_cpu_online(cpu)) { } else
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)
#define num_online_cpus() nr_cpu_ids
#define num_present_cpus() nr_cpu_ids
#define num_possible_cpus() nr_cpu_ids
#define cpu_online(cpu) ((cpu) < nr_cpu_ids)
#define cpu_possible(cpu) cpu_online(cpu)
#define DEFINE_PER_CPU_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_ALIGNED(type, name) DECLARE_PER_CPU(type, name)
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) DECLARE_PER_CPU(type, name)

#define percpu_ref_get_many(ref, n) do {					\
	unsigned long __refs = (n);						\
	while (__refs--)							\
		percpu_ref_get(ref);						\
} while (0)
/* before the last reference is dropped as well as after: whoever tries has to be ready for that */
#define percpu_ref_tryget(ref) percpu_ref_tryget_live(ref)
#define percpu_ref_is_dying(ref) (!!(atomic_long_read(&(ref)->count) & PERCPU_REF_DEAD))
#define percpu_ref_reinit(ref) percpu_ref_resurrect(ref)

/* More lenient: what is read is what is there, as if there were one CPU. Its memory may not be had, as the kernel's. */
struct percpu_counter {
	atomic_long_t count;
	void *percpu;
};
#define percpu_counter_init(c, n, gfp) ({					\
	struct percpu_counter *__c = (c);					\
	__c->percpu = kmalloc(sizeof(long), gfp);				\
	atomic_long_set(&__c->count, n);					\
	__c->percpu ? 0 : -ENOMEM;						\
})
#define percpu_counter_destroy(c) do {						\
	struct percpu_counter *__c = (c);					\
	kfree(__c->percpu);							\
	__c->percpu = NULL;							\
} while (0)
#define percpu_counter_initialized(c) (!!(c)->percpu)
#define percpu_counter_set(c, n) atomic_long_set(&(c)->count, n)
#define percpu_counter_add(c, n) atomic_long_add(n, &(c)->count)
#define percpu_counter_add_batch(c, n, batch) ((void)(batch), percpu_counter_add(c, n))
#define percpu_counter_add_local(c, n) percpu_counter_add(c, n)
#define percpu_counter_sub(c, n) percpu_counter_add(c, -(n))
#define percpu_counter_sub_local(c, n) percpu_counter_sub(c, n)
#define percpu_counter_inc(c) percpu_counter_add(c, 1)
#define percpu_counter_dec(c) percpu_counter_add(c, -1)
#define percpu_counter_read(c) atomic_long_read(&(c)->count)
#define percpu_counter_read_positive(c) max(percpu_counter_read(c), 0L)
#define percpu_counter_sum(c) percpu_counter_read(c)
#define percpu_counter_sum_positive(c) percpu_counter_read_positive(c)

/* Return: -1, 0 or 1. */
static inline int percpu_counter_compare(const struct percpu_counter *c, s64 n)
{
	s64 count = percpu_counter_read(c);

	return (count > n) - (count < n);
}

#endif /* _SHIM_PERCPU_H */
