// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping until something at an address changes: hashed futexes. Built without
 * instrumentation: what orders waiter and waker is the lock word they both access, and
 * nothing here. Wake-ups may be spurious.
 */
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "native.h"

#define BUCKETS 256

static struct bucket {
	unsigned int seq, waiters;
} buckets[BUCKETS] __attribute__((aligned(64)));

static struct bucket *bucket_of(const void *addr)
{
	return &buckets[((unsigned long)addr >> 3) * 0x9e3779b97f4a7c15UL >> 56];
}

unsigned int park_prepare(const void *addr)
{
	struct bucket *b = bucket_of(addr);

	/* full order: pairs with park_wake(): it sees us, or we see what it changed */
	__atomic_fetch_add(&b->waiters, 1, __ATOMIC_SEQ_CST);
	return __atomic_load_n(&b->seq, __ATOMIC_SEQ_CST);
}

void park_cancel(const void *addr)
{
	__atomic_fetch_sub(&bucket_of(addr)->waiters, 1, __ATOMIC_SEQ_CST);
}

void park_wait(const void *addr, unsigned int ticket)
{
	struct timespec timeout = { .tv_nsec = 50 * 1000 * 1000 };
	struct bucket *b = bucket_of(addr);

	syscall(SYS_futex, &b->seq, FUTEX_WAIT_PRIVATE, ticket, &timeout, NULL, 0);
	park_cancel(addr);
}

void park_wake(const void *addr)
{
	struct bucket *b = bucket_of(addr);

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!__atomic_load_n(&b->waiters, __ATOMIC_SEQ_CST))
		return;
	__atomic_fetch_add(&b->seq, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &b->seq, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0);
}
