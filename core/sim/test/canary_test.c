// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canaries of the controlled machine: planted bugs that must be reported although everything
 * runs on one thread, and their correct twins, which must stay silent. If one of these fails,
 * no clean run of anything means anything.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <fuzz/strategy.h>
#include "../../machine/test/needs.h"

static int plain, started;
static spinlock_t lock_a = __SPIN_LOCK_UNLOCKED(lock_class_swap_info);
static spinlock_t lock_b = __SPIN_LOCK_UNLOCKED(lock_class_swap_avail_lock);
static spinlock_t leaf = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static struct mutex mutex_a = { .dep.class = lock_class_swapon_mutex };
static struct mutex mutex_b = { .dep.class = lock_class_rmap };
static struct completion done;
static struct work_struct work;

static void two_tasks(void (*fa)(void *), void (*fb)(void *))
{
	struct task_struct *a = task_create("a", 0, fa, NULL);
	struct task_struct *b = task_create("b", 1, fb, NULL);

	task_join(a);
	task_join(b);
}

/* --- races of tasks that do not overlap in time ------------------------------------------- */

static void store_plain(void *arg)
{
	plain++;
}

static void racy(void)
{
	two_tasks(store_plain, store_plain);
}

static void store_locked(void *arg)
{
	spin_lock(&leaf);
	plain++;
	spin_unlock(&leaf);
}

static void locked(void)
{
	two_tasks(store_locked, store_locked);
}

/* --- RCU ---------------------------------------------------------------------------------- */

struct thing {
	struct rcu_head rcu;
	unsigned long a, b;
};

static struct thing __rcu *published;

static void thing_free(struct rcu_head *head)
{
	kfree(container_of(head, struct thing, rcu));
}

static struct thing *thing_new(unsigned long value)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);

	t->a = t->b = value;
	return t;
}

static void rcu_reader(void *arg)
{
	struct thing *t;

	task_op_begin("read");
	rcu_read_lock();
	t = rcu_dereference(published);
	machine_point(POINT_ATOMIC_READ, t);
	if (t->a != t->b)
		harness_fail("TEST", CODE_SITE, "half a thing");
	rcu_read_unlock();
	task_op_end();
}

/* The reader leaves its section and goes on reading. */
static void rcu_reader_leaves(void *arg)
{
	struct thing *t;

	task_op_begin("read");
	rcu_read_lock();
	t = rcu_dereference(published);
	rcu_read_unlock();
	/* deliberately broken */
	plain = READ_ONCE(t->a) != t->b;
	task_op_end();
}

static struct thing *replace(void)
{
	struct thing *old = published;

	rcu_assign_pointer(published, thing_new(2));
	return old;
}

static void rcu_updater_call(void *arg)
{
	task_op_begin("replace");
	call_rcu(&replace()->rcu, thing_free);
	task_op_end();
}

static void rcu_updater_sync(void *arg)
{
	struct thing *old;

	task_op_begin("replace");
	old = replace();
	synchronize_rcu();
	kfree(old);
	task_op_end();
}

static void rcu_updater_frees(void *arg)
{
	task_op_begin("replace");
	/* deliberately broken: no grace period */
	kfree(replace());
	task_op_end();
}

static void rcu_run(void (*reader)(void *), void (*updater)(void *))
{
	published = thing_new(1);
	two_tasks(reader, updater);
	kfree(published);
	rcu_barrier();
}

static void rcu_calls(void) { rcu_run(rcu_reader, rcu_updater_call); }
static void rcu_syncs(void) { rcu_run(rcu_reader, rcu_updater_sync); }
static void rcu_frees(void) { rcu_run(rcu_reader, rcu_updater_frees); }
static void rcu_leaves(void) { rcu_run(rcu_reader_leaves, rcu_updater_call); }

/* --- memory ------------------------------------------------------------------------------- */

static void use_freed(void *arg)
{
	volatile int *p = kmalloc(sizeof(*p), GFP_KERNEL);

	kfree((void *)p);
	*p = 1;
}

static void nothing(void *arg)
{
}

static void use_after_free(void) { two_tasks(use_freed, nothing); }

static void free_twice(void *arg)
{
	void *p = kmalloc(8, GFP_KERNEL), *volatile again = p;

	kfree(p);
	kfree(again);
}

static void use_beyond(void *arg)
{
	volatile char *p = kmalloc(8, GFP_KERNEL);

	p[8] = 1;
}

static void call_null(void *arg)
{
	void (*volatile fn)(void) = NULL;

	fn();
	plain++;
}

static void use_null(void *arg)
{
	volatile int *volatile p = NULL;

	*p = 1;
}

static void shift_too_far(void *arg)
{
	volatile int bits = 40;

	plain = 1 << bits;
}

static void double_free(void) { two_tasks(free_twice, nothing); }
static void out_of_bounds(void) { two_tasks(use_beyond, nothing); }
static void null_function(void) { two_tasks(call_null, nothing); }
static void null_pointer(void) { two_tasks(use_null, nothing); }
static void undefined(void) { two_tasks(shift_too_far, nothing); }

static int dig(volatile int depth)
{
	volatile char hole[1024];

	memset((void *)hole, depth, sizeof(hole));
	return depth ? dig(depth - 1) + hole[depth] : 0;
}

static void dig_deep(void *arg)
{
	plain = dig(1000);
}

static void dig_little(void *arg)
{
	plain = dig(8);
}

static void stack_overflow(void) { two_tasks(nothing, dig_deep); }
static void stack_deep(void) { two_tasks(dig_little, nothing); }

/* --- locks and waiting -------------------------------------------------------------------- */

static void a_then_b(void *arg)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);
}

static void b_then_a(void *arg)
{
	spin_lock(&lock_b);
	/* deliberately broken */
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void ab_ba(void) { two_tasks(a_then_b, b_then_a); }
static void ab_ab(void) { two_tasks(a_then_b, a_then_b); }

static void sleep_locked(void *arg)
{
	spin_lock(&leaf);
	cond_resched();
	spin_unlock(&leaf);
}

static void sleep_in_atomic(void) { two_tasks(sleep_locked, nothing); }

static void wait_done(void *arg)
{
	wait_for_completion(&done);
}

static void wake_done(void *arg)
{
	complete(&done);
}

static void lost_wakeup(void)
{
	init_completion(&done);
	two_tasks(wait_done, nothing);
}

static void wakeup(void)
{
	init_completion(&done);
	two_tasks(wait_done, wake_done);
}

/* Trylocks take part in no order: each gets its first and then waits for the other's. */
static void take_both(struct mutex *first, struct mutex *second)
{
	while (!mutex_trylock(first))
		cpu_relax();
	__atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
	while (READ_ONCE(started) < 2)
		cpu_relax();
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static void both_ab(void *arg) { take_both(&mutex_a, &mutex_b); }
static void both_ba(void *arg) { take_both(&mutex_b, &mutex_a); }
static void deadlock(void)
{
	started = 0;
	two_tasks(both_ab, both_ba);
}

static void spin_for_ever(void *arg)
{
	while (!READ_ONCE(started))
		cpu_relax();
}

static void set_started(void *arg)
{
	WRITE_ONCE(started, 1);
}

static void livelock(void)
{
	started = 0;
	two_tasks(spin_for_ever, spin_for_ever);
}

static void spin_a_while(void)
{
	started = 0;
	two_tasks(spin_for_ever, set_started);
}

static void work_fn(struct work_struct *w)
{
	plain++;
	complete(&done);
}

static void work_orders(void)
{
	init_completion(&done);
	INIT_WORK(&work, work_fn);
	plain = 1;
	schedule_work(&work);
	wait_for_completion(&done);
	if (plain != 2)
		harness_fail("TEST", CODE_SITE, "the item did not run");
	flush_work(&work);
}

/* --- running them ------------------------------------------------------------------------- */

static const struct strategy_config random_walk = {
	.kind = STRATEGY_RANDOM, .switch_one_in = 1,
};

static void schedule(void (*fn)(void))
{
	struct machine_config config = { .seed = 1 };

	machine_start(&config);
	task_op_begin("canary");
	fn();
	task_op_end();
	machine_stop();
}

static char output[1 << 16];

/* Return: the exit code of a process that ran so many schedules. */
static int schedules(void (*fn)(void), unsigned int nr)
{
	size_t len = 0;
	ssize_t n;
	int fds[2], status;
	unsigned int i;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		/* cmocka's handlers jump back into its own loop, in this child */
		signal(SIGSEGV, SIG_DFL);
		sim_set_limit(20000);
		strategy_set(&random_walk);
		for (i = 0; i < nr; i++) {
			strategy_seed(i);
			schedule(fn);
		}
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], output + len, sizeof(output) - 1 - len)) > 0)
		len += n;
	output[len] = 0;
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define SILENT_RUNS 500

enum { TSAN = 1, ASAN = 2 };

static const char *const sanitizers[] = {
	[TSAN] = "ThreadSanitizer",
	[ASAN] = "AddressSanitizer",
	[TSAN | ASAN] = "ThreadSanitizer or AddressSanitizer",
};

static const struct canary {
	const char *name;
	void (*fn)(void);
	const char *report;		/* NULL: silent */
	unsigned int needs;		/* 0: no sanitizer */
} canaries[] = {
	{ "racy", racy, "FAIL  RACE", TSAN },
	{ "locked", locked, NULL, 0 },
	{ "rcu_calls", rcu_calls, NULL, 0 },
	{ "rcu_syncs", rcu_syncs, NULL, 0 },
	{ "rcu_frees", rcu_frees, "FAIL  UAF", ASAN },
	{ "rcu_leaves", rcu_leaves, "FAIL  UAF", ASAN },
	{ "rcu_frees", rcu_frees, "ThreadSanitizer: ", TSAN },
	{ "rcu_leaves", rcu_leaves, "ThreadSanitizer: ", TSAN },
	{ "use_after_free", use_after_free, "FAIL  UAF", TSAN | ASAN },
	{ "double_free", double_free, "FAIL  UAF", ASAN },
	{ "out_of_bounds", out_of_bounds, "FAIL  OOB", ASAN },
	{ "undefined", undefined, "FAIL  UBSAN", ASAN },
	{ "null_pointer", null_pointer, "FAIL  CRASH  core/sim/test/canary_test.c:", 0 },
	{ "null_pointer", null_pointer, " in use_null\n", 0 },
	{ "null_function", null_function, "call_null core/sim/test/canary_test.c:", 0 },
	{ "stack_overflow", stack_overflow, "FAIL  STACK-OVERFLOW", 0 },
	{ "stack_deep", stack_deep, NULL, 0 },
	{ "ab_ba", ab_ba, "FAIL  LOCK-ORDER", 0 },
	{ "ab_ab", ab_ab, NULL, 0 },
	{ "sleep_in_atomic", sleep_in_atomic, "FAIL  SLEEP", 0 },
	{ "lost_wakeup", lost_wakeup, "FAIL  DEADLOCK", 0 },
	{ "wakeup", wakeup, NULL, 0 },
	{ "deadlock", deadlock, "for what task 5 holds, task 5 waits at", 0 },
	{ "livelock", livelock, "FAIL  LIVELOCK", 0 },
	{ "spin_a_while", spin_a_while, NULL, 0 },
	{ "work_orders", work_orders, NULL, 0 },
};

static void test_canary(void **state)
{
	const struct canary *c = *state;
	int code;

	test_needs(!c->needs || (c->needs & (HAVE_TSAN * TSAN | HAVE_ASAN * ASAN)),
		   sanitizers[c->needs]);
	code = schedules(c->fn, c->report ? 200 : SILENT_RUNS);
	if (!c->report ? code : code != 1 || !strstr(output, c->report))
		print_error("%s: exit %d\n%s\n", c->name, code, output);
	assert_int_equal(code, c->report ? 1 : 0);
	if (c->report)
		assert_non_null(strstr(output, c->report));
}

static long max_rss(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void many(void)
{
	two_tasks(store_locked, store_locked);
}

/* Fibers, their shadow stacks and tokens are used again: nothing grows. */
static void test_no_growth(void **state)
{
	struct machine_config config = { .seed = 1 };
	unsigned int i;
	long before = 0;

	strategy_set(&random_walk);
	strategy_seed(1);
	for (i = 0; i < 400000; i++) {
		machine_start(&config);
		many();
		machine_stop();
		if (i == 40000)
			before = max_rss();
	}
	/* KiB: not a byte a schedule */
	assert_true(max_rss() - before < 360);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(canaries) + 1];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(canaries); i++) {
		tests[i].name = canaries[i].name;
		tests[i].test_func = test_canary;
		tests[i].initial_state = (void *)&canaries[i];
	}
	tests[i].name = "no_growth_in_400000_schedules";
	tests[i].test_func = test_no_growth;
	return cmocka_run_group_tests_name("sim_canary", tests, NULL, NULL);
}
