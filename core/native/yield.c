// SPDX-License-Identifier: GPL-2.0-only
/*
 * Letting other threads run. sched_yield() is cheap as long as none of another program wants the
 * CPU; then it costs a slice of some milliseconds, at each of thousands of points. Who sleeps for
 * a moment instead is let in again soon. Built without instrumentation.
 */
#include <sched.h>
#include <time.h>

#include "native.h"

#define SLICE_NS 1000000UL		/* more than threads of ours take from each other */
#define TIMED_ONE_IN 8			/* yields */
#define SLEEPS 1000			/* until sched_yield() is tried again */

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000UL + ts.tv_nsec;
}

void native_yield(void)
{
	static const struct timespec moment = { .tv_nsec = 1 };
	static __thread unsigned int yields, sleeps;
	u64 from;

	if (sleeps) {
		sleeps--;
		nanosleep(&moment, NULL);
		return;
	}
	if (++yields % TIMED_ONE_IN) {
		sched_yield();
		return;
	}
	from = now_ns();
	sched_yield();
	if (now_ns() - from > SLICE_NS)
		sleeps = SLEEPS;
}
