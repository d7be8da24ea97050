/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock classes, their order, and the assertions. The order is that of lock_classes.def
 * and nothing else (SPEC 4.1): a lower value is taken first. Both machines check at every acquisition that
 * the new class ranks above every lock held; a trylock may be taken at any rank and is not
 * held against locks taken after it ("adds no edge"). Two locks of a class with `nest` may be
 * held together, in address-independent order, only through the _nested flavours.
 */
#ifndef _KERNEL_LOCKDEP_H
#define _KERNEL_LOCKDEP_H

#include <kernel/machine.h>

enum lock_class {
#define LOCK_CLASS(name, text, sleeps, nests, behind) lock_class_##name,
#include <kernel/lock_classes.def>
#undef LOCK_CLASS
	NR_LOCK_CLASSES,
};

/* the lock's address stands for it; every lock type begins with struct lock_dep */
struct lock_dep {
	u8 class;			/* enum lock_class */
};

#define lockdep_set_class(lock, cls) ((void)((lock)->dep.class = (cls)))

bool __lock_is_held(const void *lock);
void __lock_assert_held(const void *lock, const char *site);
void __lock_assert_not_held(const void *lock, const char *site);

#define lockdep_is_held(lock) __lock_is_held(lock)
#define lockdep_assert_held(lock) __lock_assert_held(lock, CODE_SITE)
#define lockdep_assert_not_held(lock) __lock_assert_not_held(lock, CODE_SITE)

/*
 * For locks that core/mm builds itself (the folio lock is a bit with a wait queue). Call
 * lock_acquire() *before* waiting with trylock=false, or after a successful trylock with
 * trylock=true. lock_hand_over(): the lock stays taken, but another task will release it.
 * lock_take_over(): the other side.
 */
enum lock_flags {
	LOCK_TRYLOCK = 1,
	LOCK_NESTED = 2,		/* a second lock of the class is intended */
	LOCK_NO_EDGE = 4,		/* freshly allocated object: cannot contend, no order */
	LOCK_SLEEPS = 8,		/* sleeping lock: might_sleep unless trylock */
};
void lock_acquire(const void *lock, enum lock_class cls, unsigned int flags, const char *site);
void lock_release(const void *lock, enum lock_class cls, const char *site);
void lock_hand_over(const void *lock, enum lock_class cls, const char *site);
void lock_take_over(const void *lock, enum lock_class cls, const char *site);

/*
 * A check that runs whenever a lock of a class has just been taken (@acquired) or is about
 * to be released, by its holder. Registered by core/check; the core has no call for it.
 */
typedef void (*lock_check_fn)(const void *lock, bool acquired);
void lock_class_set_check(enum lock_class cls, lock_check_fn fn);

const char *lock_class_name(enum lock_class cls);

#endif /* _KERNEL_LOCKDEP_H */
