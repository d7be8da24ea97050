// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weak memory by litmus tests: most are those of the kernel's tools/memory-model/litmus-tests, by their names, and
 * whether their outcome exists there ("Never" or "Sometimes", the judgement of herd7 with the
 * kernel's model). Every schedule is visited, with every delay of every store. Never means never here,
 * too; what exists there need not exist here: loads are in order, and so are stores to one place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/atomic.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>

#define TASKS_MAX 4

/* Races on purpose: not seen by TSan. */
#define RAW __attribute__((disable_sanitizer_instrumentation))

static int x, y, z, *p, *fresh, r[6];
static spinlock_t lock;
static bool done;
static atomic_t a;

struct litmus {
	const char *name;
	void (*task[TASKS_MAX])(void);
	bool (*exists)(void);
	bool never;			/* by the kernel's model */
	bool here;			/* does it exist here? */
};

#define T(name, body) static RAW void name(void) { body }
#define E(name, cond) static RAW bool name(void) { return cond; }

T(wx, WRITE_ONCE(x, 1);)
T(wx_ry, WRITE_ONCE(x, 1); r[0] = READ_ONCE(y);)
T(wy_rx, WRITE_ONCE(y, 1); r[1] = READ_ONCE(x);)
T(wx_mb_ry, WRITE_ONCE(x, 1); smp_mb(); r[0] = READ_ONCE(y);)
T(wy_mb_rx, WRITE_ONCE(y, 1); smp_mb(); r[1] = READ_ONCE(x);)
T(wx_rmw_ry, WRITE_ONCE(x, 1); atomic_add_return(1, &a); r[0] = READ_ONCE(y);)
T(wy_rmw_rx, WRITE_ONCE(y, 1); atomic_add_return(1, &a); r[1] = READ_ONCE(x);)
T(wx_inc_ry, WRITE_ONCE(x, 1); atomic_inc(&a); r[0] = READ_ONCE(y);)
T(wy_inc_rx, WRITE_ONCE(y, 1); atomic_inc(&a); r[1] = READ_ONCE(x);)
T(relx_ry, smp_store_release(&x, 1); r[0] = READ_ONCE(y);)
T(rely_rx, smp_store_release(&y, 1); r[1] = READ_ONCE(x);)
T(rfi0, WRITE_ONCE(x, 1); r[2] = READ_ONCE(x); r[0] = READ_ONCE(y);)
T(rfi1, WRITE_ONCE(y, 1); r[3] = READ_ONCE(y); r[1] = READ_ONCE(x);)
E(sb, !r[0] && !r[1])
E(sb_rfi, !r[0] && !r[1] && r[2] == 1 && r[3] == 1)

T(wx_wy, WRITE_ONCE(x, 1); WRITE_ONCE(y, 1);)
T(wx_rely, WRITE_ONCE(x, 1); smp_store_release(&y, 1);)
T(wx_mb_wy, WRITE_ONCE(x, 1); smp_mb(); WRITE_ONCE(y, 1);)
T(incx_rely, atomic_inc(&a); smp_store_release(&y, 1);)
T(ry_rx, r[0] = READ_ONCE(y); r[1] = READ_ONCE(x);)
T(ry_mb_rx, r[0] = READ_ONCE(y); smp_mb(); r[1] = READ_ONCE(x);)
T(acqy_rx, r[0] = smp_load_acquire(&y); r[1] = READ_ONCE(x);)
T(acqy_ra, r[0] = smp_load_acquire(&y); r[1] = atomic_read(&a);)
T(locked_wx_wy, spin_lock(&lock); WRITE_ONCE(x, 1); spin_unlock(&lock); WRITE_ONCE(y, 1);)
T(locked_both, spin_lock(&lock); WRITE_ONCE(x, 1); WRITE_ONCE(y, 1); spin_unlock(&lock);)
T(locked_read, spin_lock(&lock); r[0] = READ_ONCE(y); r[1] = READ_ONCE(x); spin_unlock(&lock);)
T(assign, WRITE_ONCE(x, 1); rcu_assign_pointer(p, &x);)
T(deref, int *q; rcu_read_lock(); q = rcu_dereference(p); r[0] = q == &x;
  r[1] = q ? READ_ONCE(*q) : 0; rcu_read_unlock();)
E(mp, r[0] == 1 && !r[1])

T(ry_wx, r[0] = READ_ONCE(y); WRITE_ONCE(x, 1);)
T(rx_wy, r[1] = READ_ONCE(x); WRITE_ONCE(y, 1);)
T(new_wp, fresh = kzalloc(3 * sizeof(int), GFP_ATOMIC | __GFP_NOFAIL); WRITE_ONCE(p, fresh);)
T(new_relp, fresh = kzalloc(3 * sizeof(int), GFP_ATOMIC | __GFP_NOFAIL); smp_store_release(&p, fresh);)
T(new_w1_wp, fresh = kzalloc(3 * sizeof(int), GFP_ATOMIC | __GFP_NOFAIL); WRITE_ONCE(fresh[1], 1);
  WRITE_ONCE(p, fresh);)
T(new_w1_relp, fresh = kzalloc(3 * sizeof(int), GFP_ATOMIC | __GFP_NOFAIL); WRITE_ONCE(fresh[1], 1);
  smp_store_release(&p, fresh);)
T(rp_r3, int *q = READ_ONCE(p); r[3] = q != NULL;
  for (int i = 0; q && i < 3; i++) r[i] = READ_ONCE(q[i]);)
T(rp_w1_r3, int *q = READ_ONCE(p); r[3] = q != NULL; if (q) xchg(&q[1], 2);
  for (int i = 0; q && i < 3; i++) r[i] = READ_ONCE(q[i]);)
E(mp_new, r[3] && r[0])
E(mp_new_1, r[3] && r[1] != 1)
E(mp_new_around, r[3] && r[0] && r[1] == 1 && r[2])
E(mp_new_w, r[3] && r[1] != 2)
E(mp_new_w_around, r[3] && r[0] && r[1] == 2 && r[2])

E(lb, r[0] == 1 && r[1] == 1)

T(wx1_wx2, WRITE_ONCE(x, 1); WRITE_ONCE(x, 2);)
T(rx_rx, r[0] = READ_ONCE(x); r[1] = READ_ONCE(x);)
T(wx2, WRITE_ONCE(x, 2);)
T(wx_rx, WRITE_ONCE(x, 1); r[0] = READ_ONCE(x);)
T(rx_wx, r[0] = READ_ONCE(x); WRITE_ONCE(x, 1);)
E(co_rr, r[0] == 2 && r[1] == 1)
E(co_rr0, r[0] && !r[1])
E(co_wr, r[0] == 0)
E(co_rw, r[0] == 1)
E(co_ww, x == 1)

T(wy2_rx, WRITE_ONCE(y, 2); r[0] = READ_ONCE(x);)
T(wy2_mb_rx, WRITE_ONCE(y, 2); smp_mb(); r[0] = READ_ONCE(x);)
E(r_exists, y == 2 && !r[0])

T(wx2_mb_wy, WRITE_ONCE(x, 2); smp_mb(); WRITE_ONCE(y, 1);)
T(wx2_wy, WRITE_ONCE(x, 2); WRITE_ONCE(y, 1);)
T(acqy_wx, r[0] = smp_load_acquire(&y); WRITE_ONCE(x, 1);)
E(s_exists, x == 2 && r[0] == 1)

T(rx_ry, r[0] = READ_ONCE(x); r[1] = READ_ONCE(y);)
T(ry_rx_2, r[2] = READ_ONCE(y); r[3] = READ_ONCE(x);)
T(rx_mb_ry, r[0] = READ_ONCE(x); smp_mb(); r[1] = READ_ONCE(y);)
T(ry_mb_rx_2, r[2] = READ_ONCE(y); smp_mb(); r[3] = READ_ONCE(x);)
T(wy, WRITE_ONCE(y, 1);)
E(iriw, r[0] == 1 && !r[1] && r[2] == 1 && !r[3])

T(rx_rely, r[0] = READ_ONCE(x); smp_store_release(&y, 1);)
T(acqy_rx_2, r[1] = smp_load_acquire(&y); r[2] = READ_ONCE(x);)
E(wrc, r[0] == 1 && r[1] == 1 && !r[2])

T(reader, rcu_read_lock(); r[0] = READ_ONCE(x); r[1] = READ_ONCE(y); rcu_read_unlock();)
T(updater, WRITE_ONCE(x, 1); synchronize_rcu(); WRITE_ONCE(y, 1);)
E(rcu, !r[0] && r[1] == 1)
T(section, rcu_read_lock(); WRITE_ONCE(x, 1); WRITE_ONCE(y, 1); rcu_read_unlock();)
T(after_gp, r[0] = READ_ONCE(x); synchronize_rcu(); r[1] = READ_ONCE(y);)
E(rcu_w, r[0] == 1 && !r[1])

static const struct litmus tests[] = {
	{ "SB+poonceonces", { wx_ry, wy_rx }, sb, false, true },
	{ "SB+fencembonceonces", { wx_mb_ry, wy_mb_rx }, sb, true, false },
	{ "SB+fencembonceonce+poonceonce", { wx_mb_ry, wy_rx }, sb, false, true },
	{ "SB with full RMWs", { wx_rmw_ry, wy_rmw_rx }, sb, true, false },
	{ "SB with relaxed RMWs", { wx_inc_ry, wy_inc_rx }, sb, false, true },
	{ "SB with releases", { relx_ry, rely_rx }, sb, false, true },
	{ "SB+rfionceonce-poonceonces", { rfi0, rfi1 }, sb_rfi, false, true },
	{ "MP+poonceonces", { wx_wy, ry_rx }, mp, false, true },
	{ "MP+pooncerelease+poacquireonce", { wx_rely, acqy_rx }, mp, true, false },
	{ "MP+fencewmbonceonce+fencermbonceonce", { wx_mb_wy, ry_mb_rx }, mp, true, false },
	{ "MP without the writer's barrier", { wx_wy, ry_mb_rx }, mp, false, true },
	{ "MP without the reader's barrier", { wx_mb_wy, ry_rx }, mp, false, false },
	{ "MP of a relaxed RMW and a release", { incx_rely, acqy_ra }, mp, true, false },
	{ "MP after an unlock", { locked_wx_wy, ry_mb_rx }, mp, false, false },
	{ "MP+polocks", { locked_both, locked_read }, mp, true, false },
	{ "MP of locked stores and an unlocked reader", { locked_both, ry_mb_rx }, mp, false, true },
	{ "MP+onceassign+derefonce", { assign, deref }, mp, true, false },
	{ "MP of new memory", { new_wp, rp_r3 }, mp_new, false, true },
	{ "MP of new memory and a release", { new_relp, rp_r3 }, mp_new, true, false },
	{ "MP of new memory and a store there", { new_w1_wp, rp_r3 }, mp_new_1, false, true },
	{ "MP of new memory, of which a part is seen", { new_w1_wp, rp_r3 }, mp_new_around, false, true },
	{ "MP of new memory, a store there and a release", { new_w1_relp, rp_r3 }, mp_new_1, true, false },
	{ "MP of new memory, where another task stores", { new_wp, rp_w1_r3 }, mp_new_w_around, false, true },
	{ "MP of new memory: the other task's own store", { new_wp, rp_w1_r3 }, mp_new_w, true, false },
	{ "LB+poonceonces", { ry_wx, rx_wy }, lb, false, false },
	{ "CoRR+poonceonce+Once", { wx1_wx2, rx_rx }, co_rr, true, false },
	{ "CoRR of one store", { wx, rx_rx }, co_rr0, true, false },
	{ "CoWR+poonceonce+Once", { wx_rx, wx2 }, co_wr, true, false },
	{ "CoRW+poonceonce+Once", { rx_wx, wx2 }, co_rw, true, false },
	{ "CoWW+poonceonce", { wx1_wx2 }, co_ww, true, false },
	{ "R+poonceonces", { wx_wy, wy2_rx }, r_exists, false, true },
	{ "R+fencembonceonces", { wx_mb_wy, wy2_mb_rx }, r_exists, true, false },
	{ "S+poonceonces", { wx2_wy, ry_wx }, s_exists, false, false },
	{ "S+fencewmbonceonce+poacquireonce", { wx2_mb_wy, acqy_wx }, s_exists, true, false },
	{ "IRIW+poonceonces+OnceOnce", { wx, wy, rx_ry, ry_rx_2 }, iriw, false, false },
	{ "IRIW+fencembonceonces+OnceOnce", { wx, wy, rx_mb_ry, ry_mb_rx_2 }, iriw, true, false },
	{ "WRC+pooncerelease+fencermbonceonce+Once", { wx, rx_rely, acqy_rx_2 }, wrc, true, false },
	{ "RCU: reads around a grace period", { updater, reader }, rcu, true, false },
	{ "RCU: writes around a grace period", { section, after_gp }, rcu_w, true, false },
};

static RAW void task_main(void *arg)
{
	((void (*)(void))arg)();
	/* what is late is seen at the end of a task: others may run before */
	machine_point(POINT_RESCHED, NULL);
}

static RAW bool litmus_run(const struct litmus *l)
{
	struct machine_config config = { .seed = 1 };
	unsigned int i;

	x = y = z = 0;
	p = NULL;
	a.counter = 0;
	__builtin_memset_inline(r, 0, sizeof(r));
	machine_start(&config);
	machine_mute();
	spin_lock_init(&lock);
	lockdep_set_class(&lock, lock_class_leaf);
	machine_unmute();
	for (i = 0; i < TASKS_MAX && l->task[i]; i++)
		task_create("litmus", 0, task_main, (void *)l->task[i]);
	sim_join_all();
	done = l->exists();
	kfree(fresh);
	fresh = NULL;
	sim_settle();
	machine_stop();
	return done;
}

/* Return: does the outcome exist, in any schedule? */
static bool exists(const struct litmus *l, unsigned long *schedules)
{
	struct strategy_config config = { .kind = STRATEGY_EXHAUSTIVE, .bound = 3, .values = true };
	bool found = false;

	*schedules = 0;
	strategy_set(&config);
	do {
		strategy_seed(1);
		found |= litmus_run(l);
	} while (++*schedules < 400000 && strategy_next());
	return found;
}

static void test_litmus(void **state)
{
	unsigned long schedules, all = 0;
	const struct litmus *l;
	bool found;

	sim_set_weak(true);
	for (l = tests; l < tests + ARRAY_SIZE(tests); l++) {
		found = exists(l, &schedules);
		all += schedules;
		assert_false(l->never && l->here);
		if (found != l->here)
			fail_msg("%s: %s, in %lu schedules", l->name, found ? "exists" : "never", schedules);
	}
	sim_set_weak(false);
	print_message("%lu schedules of %zu tests\n", all, ARRAY_SIZE(tests));
}

/* Without it nothing is late: none of them exists. */
static void test_off(void **state)
{
	unsigned long schedules;
	const struct litmus *l;

	for (l = tests; l < tests + ARRAY_SIZE(tests); l++)
		if (exists(l, &schedules))
			fail_msg("%s: exists", l->name);
}

/* A schedule with a late store, from its choices alone. */
static void test_replay(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .values = true };
	static struct choice choices[4096];
	const struct choice *taken;
	unsigned int i, nr;
	u64 hash;

	sim_set_weak(true);
	strategy_set(&config);
	for (i = 0, nr = 0; ; i++) {
		assert_true(i < 10000);
		strategy_seed(i);
		if (litmus_run(&tests[0]))
			break;
	}
	taken = sim_choices(&nr);
	memcpy(choices, taken, nr * sizeof(*taken));
	hash = sim_trace_hash();
	sim_set_weak(false);
	sim_set_strategy(&sim_strategy_default);
	sim_set_replay(choices, nr);
	assert_true(litmus_run(&tests[0]));
	assert_int_equal(sim_trace_hash(), hash);
	assert_null(sim_stale_choice());
	sim_set_replay(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_litmus),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests_name("weak", all, NULL, NULL);
}
