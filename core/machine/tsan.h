/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TSan's annotations for order that it cannot see; nothing in other variants. NATIVE_TSAN is
 * set for files that are built without instrumentation in the tsan variant.
 */
#ifndef _MACHINE_TSAN_H
#define _MACHINE_TSAN_H

#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#define tsan_acquire(p) __tsan_acquire(p)
#define tsan_release(p) __tsan_release(p)
#else
#define tsan_acquire(p) ((void)(p))
#define tsan_release(p) ((void)(p))
#endif

#endif /* _MACHINE_TSAN_H */
