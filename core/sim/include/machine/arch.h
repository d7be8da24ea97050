/* SPDX-License-Identifier: GPL-2.0-only */
/* The controlled machine's inline parts; see kernel/machine.h. */
#ifndef _SIM_MACHINE_ARCH_H
#define _SIM_MACHINE_ARCH_H

extern struct task_struct *sim_current;
extern unsigned int sim_muted;

/* Written by the scheduler without TSan's knowledge, so read that way, too. */
__attribute__((disable_sanitizer_instrumentation))
static inline struct task_struct *get_current(void)
{
	return sim_current;
}

/* Every point enters the scheduler, which picks who runs next. */
void sim_point(enum point_kind kind, const volatile void *obj);

static inline void machine_point(enum point_kind kind, const volatile void *obj)
{
	sim_point(kind, obj);
}

/* Checks look at the world without giving it a chance to change. */
__attribute__((disable_sanitizer_instrumentation))
static inline void machine_mute(void)
{
	sim_muted++;
}

__attribute__((disable_sanitizer_instrumentation))
static inline void machine_unmute(void)
{
	sim_muted--;
}

/*
 * Weak memory (core/sim/store.c). Before a store that is not ordered, or a release; before an RMW that is
 * fully ordered or acquires; what a load of @p, which found @value, sees; and after memory was allocated.
 */
extern bool sim_weak;
extern unsigned int sim_nr_late;
void sim_store(const volatile void *p, size_t size, bool release);
void sim_rmw(const volatile void *p, size_t size);
extern bool sim_was_late;
/*
 * Has a store been late in this schedule? Whatever depends on weak memory depends on that: a schedule without
 * such a choice is the same without weak memory, where it is replayed.
 */
static inline bool machine_is_weak(void)
{
	return unlikely(sim_was_late);
}
u64 sim_seen(const volatile void *p, size_t size, u64 value);
void sim_fresh(const volatile void *p, size_t size);

#define machine_store(p) do {							\
	if (unlikely(sim_weak))							\
		sim_store((p), sizeof(*(p)), false);				\
} while (0)
#define machine_store_release(p) do {						\
	if (unlikely(sim_weak))							\
		sim_store((p), sizeof(*(p)), true);				\
} while (0)
#define machine_rmw(p) do {							\
	if (unlikely(sim_nr_late))						\
		sim_rmw((p), sizeof(*(p)));					\
} while (0)
#define machine_fresh(p, size) do {						\
	if (unlikely(sim_weak))							\
		sim_fresh((p), (size));						\
} while (0)
#define machine_seen(p, value) ({						\
	__auto_type __seen = (value);						\
	if (unlikely(sim_nr_late))						\
		__seen = (__typeof__(__seen))sim_seen((p), sizeof(__seen), (u64)__seen); \
	__seen;									\
})

#endif /* _SIM_MACHINE_ARCH_H */
