// SPDX-License-Identifier: GPL-2.0-only
/* See sct.h. Built without instrumentation: some of them race on purpose. */
#include <string.h>

#include <kernel/atomic.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <sim/sim.h>
#include "sct.h"

#define VARS 64
#define LOCKS 16
#define TASKS_MAX 100

static int v[VARS];
static spinlock_t locks[LOCKS];
static int own[TASKS_MAX + 1];
static bool bug, private_accesses;
static const struct sct_program *running;

/* An access to nothing that others know, between those that matter. */
static void between(unsigned int me)
{
	if (private_accesses)
		WRITE_ONCE(own[me], 1);
}

/* --- CS.reorder_N: two writes of each of many; the last one must not see the first alone ------ */

static void reorder(unsigned int me)
{
	int a, b;

	if (me < running->nr_tasks - 1) {
		WRITE_ONCE(v[0], 1);
		between(me);
		WRITE_ONCE(v[1], -1);
		return;
	}
	a = READ_ONCE(v[0]);
	between(me);
	b = READ_ONCE(v[1]);
	bug |= !((a == 0 && b == 0) || (a == 1 && b == -1));
}

/* --- CS.twostage_N: two values under two locks, one after the other ---------------------------- */

static void stage(unsigned int me, unsigned int lock, int *value, int add)
{
	spin_lock(&locks[lock]);
	if (add)
		WRITE_ONCE(v[lock], add);
	*value = READ_ONCE(v[lock]);
	spin_unlock(&locks[lock]);
	between(me);
}

static void twostage(unsigned int me)
{
	int first, second;

	if (me < running->nr_tasks - 1) {
		stage(me, 0, &first, 1);
		stage(me, 1, &second, 2);
		return;
	}
	stage(me, 0, &first, 0);
	if (!first)
		return;
	stage(me, 1, &second, 0);
	bug |= second != first + 1;
}

/* --- CS.wronglock_N: most take one lock, one takes another ------------------------------------- */

static void wronglock(unsigned int me)
{
	unsigned int lock = me == 0;
	int old;

	spin_lock(&locks[lock]);
	old = READ_ONCE(v[0]);
	between(me);
	WRITE_ONCE(v[0], old + 1);
	bug |= READ_ONCE(v[0]) != old + 1;
	spin_unlock(&locks[lock]);
}

/* --- CS.bluetooth_driver: a request comes in where the driver has seen that none is left ------- */

enum { STOPPING, STOPPED, PENDING };

static void release_io(void)
{
	int left;

	spin_lock(&locks[0]);
	left = READ_ONCE(v[PENDING]) - 1;
	WRITE_ONCE(v[PENDING], left);
	spin_unlock(&locks[0]);
	if (left < 0)
		WRITE_ONCE(v[STOPPED], 1);
}

static void bluetooth(unsigned int me)
{
	if (!me) {
		WRITE_ONCE(v[STOPPING], 1);
		release_io();
		return;
	}
	if (READ_ONCE(v[STOPPING]))
		return;
	between(me);
	spin_lock(&locks[0]);
	WRITE_ONCE(v[PENDING], READ_ONCE(v[PENDING]) + 1);
	spin_unlock(&locks[0]);
	if (!READ_ONCE(v[STOPPING]))
		bug |= READ_ONCE(v[STOPPED]);
	else
		bug |= READ_ONCE(v[STOPPED]);
	release_io();
}

/* --- lifo, fifo: tasks that preempt each other, and go on in the opposite order, or the same --- */

static void take_turns(unsigned int me, bool lifo)
{
	unsigned int n = running->nr_tasks;

	between(me);
	if (READ_ONCE(v[0]) == (int)me)
		WRITE_ONCE(v[0], me + 1);
	between(me);
	if (READ_ONCE(v[0]) == (int)(n + (lifo ? n - 1 - me : me)))
		WRITE_ONCE(v[0], v[0] + 1);
	bug |= v[0] == (int)(2 * n);
}

static void lifo(unsigned int me)
{
	take_turns(me, true);
}

static void fifo(unsigned int me)
{
	take_turns(me, false);
}

/* --- chain_N: each passes on what the one created behind it has passed on ---------------------- */

static void chain(unsigned int me)
{
	between(me);
	if (me == running->nr_tasks - 1 || READ_ONCE(v[me + 1]))
		WRITE_ONCE(v[me], 1);
	bug |= v[0];
}

/* Two of a class must not be held: bit locks. */
static unsigned long forks[LOCKS];

/* --- dining_N: all have their left forks ------------------------------------------------------- */

static void dining(unsigned int me)
{
	unsigned int n = running->nr_tasks;

	between(me);
	wait_on_bit_lock(&forks[me], 0);
	if (++v[0] == (int)n)
		bug = true;
	if (!bug) {
		wait_on_bit_lock(&forks[(me + 1) % n], 0);
		clear_and_wake_up_bit(0, &forks[(me + 1) % n]);
	}
	v[0]--;
	clear_and_wake_up_bit(0, &forks[me]);
}

/* --- SafeStack (Vyukov): five preemptions ------------------------------------------------------ */

enum { HEAD, COUNT, NEXT, VALUE = NEXT + 3 };

static int stack_pop(void)
{
	int head, next;

	while (READ_ONCE(v[COUNT]) > 1) {
		head = READ_ONCE(v[HEAD]);
		next = xchg(&v[NEXT + head], -1);
		if (next < 0)
			continue;
		if (cmpxchg(&v[HEAD], head, next) == head) {
			machine_point(POINT_ATOMIC_RMW, &v[COUNT]);
			v[COUNT]--;
			return head;
		}
		xchg(&v[NEXT + head], next);
	}
	return -1;
}

static void stack_push(int at)
{
	int head;

	do {
		head = READ_ONCE(v[HEAD]);
		WRITE_ONCE(v[NEXT + at], head);
	} while (cmpxchg(&v[HEAD], head, at) != head);
	machine_point(POINT_ATOMIC_RMW, &v[COUNT]);
	v[COUNT]++;
}

static void safestack(unsigned int me)
{
	int at, round;

	for (round = 0; round < 2 && !bug; round++) {
		while ((at = stack_pop()) < 0 && !bug)
			cpu_relax();
		if (at < 0)
			return;
		WRITE_ONCE(v[VALUE + at], me);
		bug |= READ_ONCE(v[VALUE + at]) != (int)me;
		stack_push(at);
	}
}

/* ----------------------------------------------------------------------------------------------- */

const struct sct_program sct_programs[] = {
	{ "reorder_5", 5, reorder, NULL, "a write of four that is seen without the other" },
	{ "reorder_10", 10, reorder, NULL, "the same of nine" },
	{ "reorder_50", 50, reorder, NULL, "the same of 49" },
	{ "reorder_100", 100, reorder, NULL, "the same of 99" },
	{ "twostage_10", 10, twostage, NULL, "between two sections of nine, both of another" },
	{ "twostage_50", 50, twostage, NULL, "the same of 49" },
	{ "twostage_100", 100, twostage, NULL, "the same of 99" },
	{ "wronglock_4", 4, wronglock, NULL, "one takes another lock than the rest" },
	{ "bluetooth", 2, bluetooth, NULL, "a request after the last one" },
	{ "lifo_3", 3, lifo, NULL, "three that are preempted, and go on in the opposite order" },
	{ "fifo_3", 3, fifo, NULL, "the same in the same order" },
	{ "lifo_5", 5, lifo, NULL, "five of them" },
	{ "fifo_5", 5, fifo, NULL, "the same" },
	{ "chain_6", 6, chain, NULL, "six in the opposite order of their creation" },
	{ "dining_8", 8, dining, NULL, "eight have their left forks" },
	{ "safestack", 3, safestack, "surw 380844 (20 of 20 within 10^6)", "five preemptions" },
};
const unsigned int nr_sct_programs = ARRAY_SIZE(sct_programs);

const struct sct_program *sct_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_sct_programs; i++)
		if (!strcmp(sct_programs[i].name, name))
			return &sct_programs[i];
	return NULL;
}

static void task_main(void *arg)
{
	running->task((unsigned long)arg);
}

static void create_all(void *arg)
{
	unsigned long i;

	for (i = 0; i < running->nr_tasks; i++) {
		between(TASKS_MAX);
		task_create("toy", 0, task_main, (void *)i);
	}
}

/* Values at the begin; muted points, so that all has names that last. */
static void set_up(void)
{
	unsigned int i;

	memset(v, 0, sizeof(v));
	memset(forks, 0, sizeof(forks));
	if (running->task == safestack) {
		v[COUNT] = 3;
		v[NEXT] = 1;
		v[NEXT + 1] = 2;
		v[NEXT + 2] = -1;
	}
	machine_mute();
	for (i = 0; i < LOCKS; i++) {
		spin_lock_init(&locks[i]);
		lockdep_set_class(&locks[i], lock_class_leaf);
	}
	for (i = 0; i < VARS; i++)
		machine_point(POINT_ATOMIC_WRITE, &v[i]);
	for (i = 0; i < LOCKS; i++)
		machine_point(POINT_ATOMIC_WRITE, &forks[i]);
	for (i = 0; i <= TASKS_MAX; i++)
		machine_point(POINT_ATOMIC_WRITE, &own[i]);
	machine_unmute();
}

bool sct_run(const struct sct_program *program, enum sct_setting setting)
{
	struct machine_config config = { .seed = 1 };

	running = program;
	bug = false;
	private_accesses = setting == SCT_CREATED;
	machine_start(&config);
	set_up();
	if (setting == SCT_CREATED)
		task_create("creator", 0, create_all, NULL);
	else
		create_all(NULL);
	sim_join_all();
	sim_settle();
	machine_stop();
	return bug;
}
