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

#endif /* _SIM_MACHINE_ARCH_H */
