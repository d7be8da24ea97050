/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scopes, as of linux/cleanup.h: what the tree's files hardly use, but a patch to them may. The lock is taken where
 * guard() is written; where it is let go is told as this file.
 */
#ifndef _SHIM_GUARD_H
#define _SHIM_GUARD_H

#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>

#define __cleanup(fn) __attribute__((cleanup(fn)))
#define __GUARD_PASTE(a, b) a##b
#define __GUARD_NAME(n) __GUARD_PASTE(__guard_, n)

/* --- classes: a type, how one is made, and what becomes of it at the end of the block ------------------ */

#define DEFINE_CLASS(name, type, exit, init, init_args...)			\
typedef type class_##name##_t;							\
static inline void class_##name##_destructor(type *p) { type _T = *p; exit; }	\
static inline type class_##name##_constructor(init_args) { type __made = init; return __made; }
#define CLASS(name, var) class_##name##_t var __cleanup(class_##name##_destructor) = class_##name##_constructor

/* guard(spinlock)(&lock): up to the end of the block */
#define guard(name) __attribute__((unused)) CLASS(name, __GUARD_NAME(__COUNTER__))
/* scoped_guard(spinlock, &lock) { ... }: not entered if it is a conditional one that failed */
#define scoped_guard(name, args...)						\
	for (bool __once = true; __once; __once = false)			\
		for (CLASS(name, __scope)(args); __once && class_##name##_lock_ptr(&__scope); __once = false)
/* scoped_cond_guard(mutex_try, return -EBUSY, &lock) { ... } */
#define scoped_cond_guard(name, fail, args...)					\
	for (bool __once = true; __once; __once = false)			\
		for (CLASS(name, __scope)(args); __once; __once = false)	\
			if (!class_##name##_lock_ptr(&__scope)) {		\
				fail;						\
			} else

/* A guard that is a pointer: NULL or an error if it failed. */
#define __GUARD_IS_ERR(p) ((unsigned long)(p) - 1 >= (unsigned long)-4096)
#define __DEFINE_LOCK_PTR(name, ptr)						\
static inline void *class_##name##_lock_ptr(class_##name##_t *_T)		\
{										\
	void *__ptr = (void *)(ptr);						\
	return __GUARD_IS_ERR(__ptr) ? NULL : __ptr;				\
}
#define DEFINE_GUARD(name, type, lock, unlock)					\
DEFINE_CLASS(name, type, if (!__GUARD_IS_ERR(_T)) { unlock; }, ({ lock; _T; }), type _T) \
__DEFINE_LOCK_PTR(name, *_T)
/* DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T)), or with a condition on what it returned, as _RET */
#define DEFINE_GUARD_COND(name, ext, lock, cond...)				\
typedef class_##name##_t class_##name##ext##_t;					\
static inline void class_##name##ext##_destructor(class_##name##_t *p)		\
{										\
	class_##name##_destructor(p);						\
}										\
static inline class_##name##_t class_##name##ext##_constructor(class_##name##_t _T) \
{										\
	int _RET = (lock);							\
	return __GUARD_COND(cond) ? _T : (class_##name##_t)(long)_RET;		\
}										\
__DEFINE_LOCK_PTR(name##ext, *_T)
#define __GUARD_COND(cond...) __GUARD_SECOND(~, ##cond, _RET)
#define __GUARD_SECOND(a, b, ...) (b)

/* A guard that is a struct with the lock, or with none. */
#define __DEFINE_LOCK_GUARD(name, type, unlock, members...)			\
typedef struct { type *lock; members; } class_##name##_t;			\
static inline void class_##name##_destructor(class_##name##_t *_T)		\
{										\
	if (_T->lock) {								\
		unlock;								\
	}									\
}										\
__DEFINE_LOCK_PTR(name, _T->lock)
#define DEFINE_LOCK_GUARD_1(name, type, take, unlock, members...)		\
__DEFINE_LOCK_GUARD(name, type, unlock, members)				\
static inline class_##name##_t class_##name##_constructor(type *l)		\
{										\
	class_##name##_t __made = { .lock = l }, *_T = &__made;			\
	take;									\
	return __made;								\
}
#define DEFINE_LOCK_GUARD_0(name, take, unlock, members...)			\
__DEFINE_LOCK_GUARD(name, void, unlock, members)				\
static inline class_##name##_t class_##name##_constructor(void)			\
{										\
	class_##name##_t __made = { .lock = (void *)1 }, *_T = &__made;		\
	take;									\
	return __made;								\
}

/* --- the kernel's: a constructor that is a macro takes the lock where it is written -------------------- */

#define __GUARD_TAKE(name, l, take) ({						\
	class_##name##_t __made = { .lock = (l) }, *_T = &__made;		\
	take;									\
	__made;									\
})
#define __GUARD_TRY(name, l, try) __GUARD_TAKE(name, l, if (!(try)) _T->lock = NULL)

__DEFINE_LOCK_GUARD(spinlock, spinlock_t, spin_unlock(_T->lock))
__DEFINE_LOCK_GUARD(spinlock_irq, spinlock_t, spin_unlock_irq(_T->lock))
__DEFINE_LOCK_GUARD(spinlock_irqsave, spinlock_t, spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
__DEFINE_LOCK_GUARD(mutex, struct mutex, mutex_unlock(_T->lock))
__DEFINE_LOCK_GUARD(rwsem_read, struct rw_semaphore, up_read(_T->lock))
__DEFINE_LOCK_GUARD(rwsem_write, struct rw_semaphore, up_write(_T->lock))
__DEFINE_LOCK_GUARD(rcu, void, rcu_read_unlock())
/* with the same members, and the same end */
#define __GUARD_ALIAS(name, as)							\
typedef class_##as##_t class_##name##_t;					\
static inline void class_##name##_destructor(class_##as##_t *_T) { class_##as##_destructor(_T); } \
static inline void *class_##name##_lock_ptr(class_##as##_t *_T) { return class_##as##_lock_ptr(_T); }
__GUARD_ALIAS(spinlock_try, spinlock)
__GUARD_ALIAS(spinlock_bh, spinlock)
__GUARD_ALIAS(raw_spinlock, spinlock)
__GUARD_ALIAS(raw_spinlock_try, spinlock)
__GUARD_ALIAS(raw_spinlock_irqsave, spinlock_irqsave)
__GUARD_ALIAS(read_lock, spinlock)
__GUARD_ALIAS(write_lock, spinlock)
__GUARD_ALIAS(write_lock_irq, spinlock_irq)
__GUARD_ALIAS(write_lock_irqsave, spinlock_irqsave)
__GUARD_ALIAS(mutex_try, mutex)
__GUARD_ALIAS(mutex_intr, mutex)
__GUARD_ALIAS(mutex_kill, mutex)
__GUARD_ALIAS(rwsem_read_try, rwsem_read)
__GUARD_ALIAS(rwsem_write_try, rwsem_write)
/* a section without preemption is one of RCU, too */
__GUARD_ALIAS(preempt, rcu)

#define class_spinlock_constructor(l) __GUARD_TAKE(spinlock, l, spin_lock(_T->lock))
#define class_spinlock_irq_constructor(l) __GUARD_TAKE(spinlock_irq, l, spin_lock_irq(_T->lock))
#define class_spinlock_irqsave_constructor(l) \
	__GUARD_TAKE(spinlock_irqsave, l, spin_lock_irqsave(_T->lock, _T->flags))
#define class_spinlock_bh_constructor(l) class_spinlock_constructor(l)
#define class_spinlock_try_constructor(l) __GUARD_TRY(spinlock, l, spin_trylock(_T->lock))
#define class_raw_spinlock_constructor(l) class_spinlock_constructor(l)
#define class_raw_spinlock_try_constructor(l) class_spinlock_try_constructor(l)
#define class_raw_spinlock_irqsave_constructor(l) class_spinlock_irqsave_constructor(l)
#define class_read_lock_constructor(l) class_spinlock_constructor(l)
#define class_write_lock_constructor(l) class_spinlock_constructor(l)
#define class_write_lock_irq_constructor(l) class_spinlock_irq_constructor(l)
#define class_write_lock_irqsave_constructor(l) class_spinlock_irqsave_constructor(l)
#define class_mutex_constructor(l) __GUARD_TAKE(mutex, l, mutex_lock(_T->lock))
#define class_mutex_try_constructor(l) __GUARD_TRY(mutex, l, mutex_trylock(_T->lock))
#define class_mutex_intr_constructor(l) __GUARD_TRY(mutex, l, !mutex_lock_interruptible(_T->lock))
#define class_mutex_kill_constructor(l) __GUARD_TRY(mutex, l, !mutex_lock_killable(_T->lock))
#define class_rwsem_read_constructor(l) __GUARD_TAKE(rwsem_read, l, down_read(_T->lock))
#define class_rwsem_write_constructor(l) __GUARD_TAKE(rwsem_write, l, down_write(_T->lock))
#define class_rwsem_read_try_constructor(l) __GUARD_TRY(rwsem_read, l, down_read_trylock(_T->lock))
#define class_rwsem_write_try_constructor(l) __GUARD_TRY(rwsem_write, l, down_write_trylock(_T->lock))
#define class_rcu_constructor() __GUARD_TAKE(rcu, (void *)1, rcu_read_lock())
#define class_preempt_constructor() class_rcu_constructor()

/* void *p __free(kfree) = kmalloc(...) */
#define __free(name) __cleanup(__free_##name)
#define DEFINE_FREE(name, type, free) \
	static inline void __free_##name(void *p) { type _T = *(type *)p; free; }
DEFINE_FREE(kfree, void *, if (_T) kfree(_T))
DEFINE_FREE(kvfree, void *, if (_T) kvfree(_T))
#ifdef TREE_SOURCE
DEFINE_FREE(folio_put, struct folio *, if (_T) folio_put(_T))
#endif
#define no_free_ptr(p) ({ __auto_type __kept = (p); (p) = NULL; __kept; })
#define retain_and_null_ptr(p) ((void)no_free_ptr(p))
#define return_ptr(p) return no_free_ptr(p)

#endif /* _SHIM_GUARD_H */
