/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data and local locks, for virtual CPUs. A task has a current CPU that may change
 * whenever it holds no local lock and no spinlock. this_cpu_*() access the copy of the CPU
 * whose local lock the task holds, and check that it does hold it.
 */
#ifndef _KERNEL_PERCPU_H
#define _KERNEL_PERCPU_H

#include <kernel/spinlock.h>

#define NR_CPUS 16			/* bound; geometry.nr_cpus is the number in use */

typedef struct __capability("local_lock") local_lock {
	struct lock_dep dep;
	u32 owner;			/* machine: 0 free, else task id + 1 */
} local_lock_t;

#define INIT_LOCAL_LOCK(cls) { .dep = { .class = (cls) } }

/*
 * The variable itself is the template that percpu_init() copies to every CPU's area; the
 * template is never accessed by name (its section only gives its offset).
 */
#define PER_CPU_SECTION "percpu_data"
#define DEFINE_PER_CPU(type, name) \
	__attribute__((section(PER_CPU_SECTION), used, aligned(64))) type name
#define DECLARE_PER_CPU(type, name) extern type name

/* An allocation for each CPU is nr_cpu_ids() units of so many bytes, and its address the first one's. */
#define PERCPU_UNIT 1024

/* Sets all areas to the templates. Context: no task runs. */
void percpu_init(void);

void *__per_cpu_ptr(const void *template_addr, unsigned int cpu);
/* Fails the run unless the task holds a local lock of its current CPU. */
void *__this_cpu_ptr(const void *template_addr, const char *site);
/* For lockdep_assert_held(&this_cpu_ptr(..)->lock): no check of its own. */
void *__raw_cpu_ptr(const void *template_addr);

#define per_cpu_ptr(ptr, cpu) ((__typeof__(ptr))__per_cpu_ptr((ptr), (cpu)))
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), (cpu)))
#define this_cpu_ptr(ptr) ((__typeof__(ptr))__raw_cpu_ptr(ptr))

/*
 * Pointers in per-CPU data may be changed from afar by cmpxchg (swapoff clears hints), so
 * they are relaxed atomics and scheduling points; everything else is plain.
 */
#define __PCPU_IS_PTR(var) (__builtin_classify_type(var) == 5)
#define this_cpu_read(var) ({							\
	__typeof__(&(var)) __p = __this_cpu_ptr(&(var), CODE_SITE);		\
	__typeof__(var) __v;							\
	if (__PCPU_IS_PTR(var)) {						\
		machine_point(POINT_ATOMIC_READ, __p);				\
		__atomic_load(__p, &__v, __ATOMIC_RELAXED);			\
	} else {								\
		__v = *__p;							\
	}									\
	__v;									\
})
#define this_cpu_write(var, val) do {						\
	__typeof__(&(var)) __p = __this_cpu_ptr(&(var), CODE_SITE);		\
	__typeof__(var) __v = (val);						\
	if (__PCPU_IS_PTR(var)) {						\
		machine_point(POINT_ATOMIC_WRITE, __p);				\
		__atomic_store(__p, &__v, __ATOMIC_RELAXED);			\
	} else {								\
		*__p = __v;							\
	}									\
} while (0)

unsigned int nr_cpu_ids(void);
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < nr_cpu_ids(); (cpu)++)
/* The CPU this task is on now; stable only under a local lock or spinlock. */
unsigned int raw_smp_processor_id(void);

/*
 * local_lock(&name.lock): picks the CPU (the machine may migrate the task first), then takes
 * that CPU's copy. An implicit RCU read section; atomic context.
 */
void __local_lock(const local_lock_t *template_lock, const char *site);
void __local_unlock(const local_lock_t *template_lock, const char *site);
#define local_lock(lock) __local_lock(lock, CODE_SITE)
#define local_unlock(lock) __local_unlock(lock, CODE_SITE)
/* Take/release the local lock of a given CPU (HINT_POKE and checkers only). */
void local_lock_on(const local_lock_t *template_lock, unsigned int cpu);
void local_unlock_on(const local_lock_t *template_lock, unsigned int cpu);

#endif /* _KERNEL_PERCPU_H */
