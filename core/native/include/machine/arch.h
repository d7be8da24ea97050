/* SPDX-License-Identifier: GPL-2.0-only */
/* The native machine's inline parts; see kernel/machine.h. */
#ifndef _NATIVE_MACHINE_ARCH_H
#define _NATIVE_MACHINE_ARCH_H

extern __thread struct task_struct *native_current;
extern __thread int native_noise_countdown;

/* NULL in a thread that is no task: whatever it does with it crashes. */
static inline struct task_struct *get_current(void)
{
	return native_current;
}

void native_noise(void);

/* Noise: now and then a delay, a yield or a migration at a point. */
static inline void machine_point(enum point_kind kind, const volatile void *obj)
{
	if (unlikely(--native_noise_countdown < 0))
		native_noise();
}

/* Checks may be delayed as anything else. */
static inline void machine_mute(void)
{
}

static inline void machine_unmute(void)
{
}

/* The processor's own memory is as weak as it is. */
static inline bool machine_is_weak(void)
{
	return false;
}
#define machine_store(p) do { } while (0)
#define machine_store_release(p) do { } while (0)
#define machine_rmw(p) do { } while (0)
#define machine_fresh(p, size) do { } while (0)
#define machine_seen(p, value) (value)

#endif /* _NATIVE_MACHINE_ARCH_H */
