/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Annotations for order that TSan cannot see; empty in other variants. NATIVE_TSAN is set for
 * files that are built without instrumentation in the tsan variant.
 */
#ifndef _MACHINE_TSAN_H
#define _MACHINE_TSAN_H

#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#define tsan_acquire(p) __tsan_acquire(p)
#define tsan_release(p) __tsan_release(p)
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
void AnnotateIgnoreSyncBegin(const char *file, int line);
void AnnotateIgnoreSyncEnd(const char *file, int line);
#else
#define tsan_acquire(p) ((void)(p))
#define tsan_release(p) ((void)(p))
#endif

/* of model locks: TSan's own numbers */
#define TSAN_READ_LOCK (1u << 3)
#define TSAN_TRY_LOCK (1u << 4)

/*
 * From here on TSan ignores accesses of this task: for reports and traces, which look at all
 * tasks. Their code is not instrumented, but their calls of libc are intercepted.
 */
static inline void tsan_ignore_begin(void)
{
#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
	AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
	AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
#endif
}

static inline void tsan_ignore_end(void)
{
#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
	AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
	AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
#endif
}

/*
 * Between the two, libc orders nothing in TSan's eyes, and its wrappers do not wait for the lock of the task's clock:
 * for signal handlers, which may have interrupted whoever holds that.
 */
static inline void tsan_ignore_sync_begin(void)
{
#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
	AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
#endif
}

static inline void tsan_ignore_sync_end(void)
{
#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
	AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
#endif
}

#endif /* _MACHINE_TSAN_H */
