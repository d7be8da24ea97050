/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequence counters: no file of the tree uses them, but a patch may.
 *
 * Stricter than the kernel: what a reader reads in between is to be marked (READ_ONCE()), or TSan calls it a RACE.
 * More lenient: a writer of a seqcount_t is only asked to have no preemption.
 */
#ifndef _SHIM_SEQLOCK_H
#define _SHIM_SEQLOCK_H

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include "atomic.h"

typedef struct { unsigned int sequence; } seqcount_t;
typedef struct { seqcount_t seqcount; spinlock_t *lock; } seqcount_spinlock_t;
typedef struct { seqcount_spinlock_t seqcount; spinlock_t lock; } seqlock_t;

#define SEQCNT_ZERO(name) { 0 }
#define SEQCNT_SPINLOCK_ZERO(name, l) { .seqcount = SEQCNT_ZERO(name), .lock = (l) }
#define seqcount_init(s) ((void)((s)->sequence = 0))
#define seqcount_spinlock_init(s, l) ((void)(*(s) = (seqcount_spinlock_t)SEQCNT_SPINLOCK_ZERO(s, l)))
/* it is the first member of the others */
#define __seqcount(s) ((seqcount_t *)(void *)(s))

/* Even: no writer is at it. */
static inline unsigned int __seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	while ((seq = smp_load_acquire(&s->sequence)) & 1)
		cpu_relax();
	return seq;
}

static inline bool __seqcount_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return READ_ONCE(s->sequence) != start;
}

/* Writers exclude each other, so that the word is this one's to read. */
static inline void __seqcount_write_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void __seqcount_write_end(seqcount_t *s)
{
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

static inline void __seqcount_assert(const void *s)
{
	WARN_ON(preemptible());
}

static inline void __seqcount_spinlock_assert(const void *s)
{
	const seqcount_spinlock_t *with = s;

	lockdep_assert_held(with->lock);
}

#define read_seqcount_begin(s) __seqcount_begin(__seqcount(s))
#define raw_read_seqcount_begin(s) read_seqcount_begin(s)
#define __read_seqcount_begin(s) read_seqcount_begin(s)
#define raw_read_seqcount(s) smp_load_acquire(&__seqcount(s)->sequence)
#define read_seqcount_retry(s, start) __seqcount_retry(__seqcount(s), start)
#define __read_seqcount_retry(s, start) read_seqcount_retry(s, start)
#define raw_write_seqcount_begin(s) __seqcount_write_begin(__seqcount(s))
#define raw_write_seqcount_end(s) __seqcount_write_end(__seqcount(s))
#define write_seqcount_begin(s) do {						\
	_Generic(*(s), seqcount_spinlock_t: __seqcount_spinlock_assert, default: __seqcount_assert)(s); \
	raw_write_seqcount_begin(s);						\
} while (0)
#define write_seqcount_end(s) raw_write_seqcount_end(s)

#define __SEQLOCK_UNLOCKED(name) { .lock = __SPIN_LOCK_UNLOCKED(name) }
#define DEFINE_SEQLOCK(name) seqlock_t name = __SEQLOCK_UNLOCKED(name)
#define seqlock_init(sl) do {							\
	seqlock_t *__sl = (sl);							\
	spin_lock_init(&__sl->lock);						\
	seqcount_spinlock_init(&__sl->seqcount, &__sl->lock);			\
} while (0)
#define read_seqbegin(sl) read_seqcount_begin(&(sl)->seqcount)
#define read_seqretry(sl, start) read_seqcount_retry(&(sl)->seqcount, start)
#define __write_seqlock(sl, lock_it) do {					\
	seqlock_t *__sl = (sl);							\
	lock_it;								\
	raw_write_seqcount_begin(&__sl->seqcount);				\
} while (0)
#define __write_sequnlock(sl, unlock_it) do {					\
	seqlock_t *__sl = (sl);							\
	raw_write_seqcount_end(&__sl->seqcount);				\
	unlock_it;								\
} while (0)
#define write_seqlock(sl) __write_seqlock(sl, spin_lock(&__sl->lock))
#define write_sequnlock(sl) __write_sequnlock(sl, spin_unlock(&__sl->lock))
#define write_seqlock_irq(sl) __write_seqlock(sl, spin_lock_irq(&__sl->lock))
#define write_sequnlock_irq(sl) __write_sequnlock(sl, spin_unlock_irq(&__sl->lock))
#define write_seqlock_irqsave(sl, flags) __write_seqlock(sl, spin_lock_irqsave(&__sl->lock, flags))
#define write_sequnlock_irqrestore(sl, flags) __write_sequnlock(sl, spin_unlock_irqrestore(&__sl->lock, flags))
#define read_seqlock_excl(sl) spin_lock(&(sl)->lock)
#define read_sequnlock_excl(sl) spin_unlock(&(sl)->lock)
#define read_seqbegin_or_lock(sl, seq) do {					\
	if (*(seq) & 1)								\
		read_seqlock_excl(sl);						\
	else									\
		*(seq) = read_seqbegin(sl);					\
} while (0)
#define need_seqretry(sl, seq) (!((seq) & 1) && read_seqretry(sl, seq))
#define done_seqretry(sl, seq) do {						\
	if ((seq) & 1)								\
		read_sequnlock_excl(sl);					\
} while (0)

#endif /* _SHIM_SEQLOCK_H */
