/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping locks. None of them is an RCU read section. */
#ifndef _KERNEL_MUTEX_H
#define _KERNEL_MUTEX_H

#include <kernel/lockdep.h>

struct __capability("mutex") mutex {
	struct lock_dep dep;
	u32 owner;			/* machine: 0 free, else task id + 1 */
};

struct __capability("rw_semaphore") rw_semaphore {
	struct lock_dep dep;
	u32 readers;			/* machine */
	u32 writers_waiting;
};

#define DEFINE_MUTEX(name) struct mutex name = { .dep = { .class = lock_class_##name } }

void mutex_init(struct mutex *lock);
void __mutex_lock(struct mutex *lock, const char *site) __acquires(*lock);
bool __mutex_trylock(struct mutex *lock, const char *site) __cond_acquires(true, *lock);
void __mutex_unlock(struct mutex *lock, const char *site) __releases(*lock);
#define mutex_lock(lock) __mutex_lock(lock, CODE_SITE)
#define mutex_trylock(lock) __mutex_trylock(lock, CODE_SITE)
#define mutex_unlock(lock) __mutex_unlock(lock, CODE_SITE)

void init_rwsem(struct rw_semaphore *sem);
void __down_read(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__attribute__((acquire_shared_capability(*sem)));
void __up_read(struct rw_semaphore *sem, const char *site)
	__attribute__((release_shared_capability(*sem)));
void __down_write(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__acquires(*sem);
void __up_write(struct rw_semaphore *sem, const char *site) __releases(*sem);
bool __down_read_trylock(struct rw_semaphore *sem, const char *site)
	__attribute__((try_acquire_shared_capability(true, *sem)));
bool __down_write_trylock(struct rw_semaphore *sem, const char *site) __cond_acquires(true, *sem);
/* The writer goes on as a reader; no other writer came in between. */
void __downgrade_write(struct rw_semaphore *sem, const char *site);
#define down_read_trylock(sem) __down_read_trylock(sem, CODE_SITE)
#define down_write_trylock(sem) __down_write_trylock(sem, CODE_SITE)
#define downgrade_write(sem) __downgrade_write(sem, CODE_SITE)
#define down_read(sem) __down_read(sem, 0, CODE_SITE)
#define up_read(sem) __up_read(sem, CODE_SITE)
#define down_write(sem) __down_write(sem, 0, CODE_SITE)
#define down_write_nested(sem, sub) __down_write(sem, LOCK_NESTED, CODE_SITE)
#define up_write(sem) __up_write(sem, CODE_SITE)

#endif /* _KERNEL_MUTEX_H */
