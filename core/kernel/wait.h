/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting: completions, wait queues, bit waits. All of it may sleep. */
#ifndef _KERNEL_WAIT_H
#define _KERNEL_WAIT_H

#include <kernel/spinlock.h>
#include <kernel/atomic.h>

/* What init_completion() leaves; anything else fails the check INIT. */
#define COMPLETION_MAGIC 0x636f6d70u

struct completion {
	u32 done;			/* machine */
	unsigned int magic;		/* machine: init_completion() was here */
};

/* Anything else before init_completion() is a failure of the check INIT. */
void init_completion(struct completion *x);
void reinit_completion(struct completion *x);
/* Order: everything before complete() happens before the waiter's return. */
void complete(struct completion *x);
void wait_for_completion(struct completion *x);
/* For all who wait, now and later, until reinit_completion(). */
void complete_all(struct completion *x);
/* Return: false if it would have to wait. Context: any. */
bool try_wait_for_completion(struct completion *x);
/* Would it not? */
bool completion_done(struct completion *x);

/*
 * Bit locks and bit waits, keyed by (word, bit): the folio lock and the writeback bit. The
 * lock is a bit, not an owner lock: another task may release it.
 */
/* Sets the bit if it is clear. Order: acquire on success. Return: true if taken. */
bool bit_trylock(unsigned int bit, unsigned long *word);
/* Waits until the bit could be set. Order: acquire. May sleep. */
void wait_on_bit_lock(unsigned long *word, unsigned int bit);
/* Waits until the bit is clear. Order: acquire. May sleep. */
void wait_on_bit(unsigned long *word, unsigned int bit);
/* Clears the bit with release order and wakes all who wait for it. Context: any. */
void clear_and_wake_up_bit(unsigned int bit, unsigned long *word);
/* Wakes all who wait for the bit, which the caller has cleared. Orders nothing. Context: any. */
void wake_up_bit(unsigned long *word, unsigned int bit);

#endif /* _KERNEL_WAIT_H */
