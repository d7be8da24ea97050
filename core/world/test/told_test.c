// SPDX-License-Identifier: GPL-2.0-only
/*
 * INV-G17, INV-G18: what userspace is told of swap is judged. Of each lie there is one case, run in a process of
 * its own: the check must fire, and be quiet if nothing is changed. A lie that another task could explain is told
 * once more with such a task, when the check must be quiet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <check/ghost.h>
#include <machine/test/child.h>
#include <mm/mm.h>
#include <world/world.h>

struct told_case {
	const char *name;
	const char *find, *replace;	/* in /proc/swaps; NULL: nothing */
	long total, free;		/* what is added to sysinfo()'s numbers */
	long ptes;			/* to the count that smaps tells */
	bool asked;			/* which was read, under ci->lock */
	bool always;			/* no other task explains it */
};

#define TEXT(from, to) .find = (from), .replace = (to)

/* Device A: 15 pages of swap, one of them in use; device B: a swap file, empty, in the second line. */
static const struct told_case cases[] = {
	{ "used beyond the size", TEXT("60\t4\t", "60\t64\t"), .always = true },
	{ "not a line", TEXT("60\t4\t-1", "60"), .always = true },
	{ "a size", TEXT("60\t", "64\t") },
	{ "a usage that is too high", TEXT("60\t4\t", "60\t8\t") },
	{ "a usage that is too low", TEXT("60\t4\t", "60\t0\t") },
	{ "a priority", TEXT("\t5\n", "\t6\n") },
	{ "a type", TEXT("file", "partition") },
	{ "a device left out", TEXT("\n/swap2\tfile\t28\t0\t5", "") },
	{ "a device that is not on", TEXT("/swap2", "/swap9") },
	{ "a device twice", TEXT("/swap2", "/swap1") },
	{ "more free than there is", .free = 100, .always = true },
	{ "less than none free", .free = -100, .always = true },
	{ "more than there is", .total = 100, .always = true },
	{ "a total", .total = -1 },
	{ "a page too many free", .free = 1 },
	{ "a page too few free", .free = -1 },
	{ "no PTE", .ptes = -1, .always = true },
	{ "a PTE too many", .ptes = 1 },
	{ "a PTE too many, beside what is read", .ptes = 1, .asked = true, .always = true },
};

static enum run { TRUTH, LIE, LIE_BESIDE_OTHERS } run;

static const struct world_spec spec = {
	.geometry = { .cluster_slots = 8, .pmd_order = 3, .table = TABLE_SLAB, .count_bits = 2, .nr_cpus = 1 },
	.pages = 1, .spaces = 1, .folios = 4,
	.nr_devices = 2,
	.devices = {
		{ .pages = 16, .prio = -1, .synchronous = true },
		{ .pages = 8, .prio = 5, .file = true, .off = true },
	},
};

static void replace(char *text, size_t size, const char *find, const char *by)
{
	char *at = strstr(text, find);

	if (!at || strlen(text) + strlen(by) >= size)
		harness_fail("TEST", CODE_SITE, "no %s in %s", find, text);
	memmove(at + strlen(by), at + strlen(find), strlen(at + strlen(find)) + 1);
	memcpy(at, by, strlen(by));
}

static void run_op(const struct op *op)
{
	task_op_begin(op_infos[op->id].name);
	if (op_run(0, op))
		harness_fail("TEST", CODE_SITE, "%s fails", op_infos[op->id].name);
	task_op_end();
}

/* smaps of the page that is out, and a lie about it. */
static void tell_smaps(const struct told_case *c)
{
	swp_entry_t entry = softleaf_from_pte(ptep_get(mm_ptep(world.spaces[0], 0)));

	smaps_read(world.spaces[0]);
	if (run == TRUTH)
		return;
	spin_lock(pte_lockptr(world.spaces[0], 0));
	trace_mm_swapcount_enter(entry);
	if (run == LIE_BESIDE_OTHERS)
		ghost_task()->asks.alone.others--;
	trace_mm_swapcount(entry, (c->asked ? swp_swapcount(entry) : 1) + c->ptes);
	spin_unlock(pte_lockptr(world.spaces[0], 0));
}

static void child(const void *arg)
{
	static const struct machine_config config = { .seed = 1, .watchdog_seconds = 60 };
	const struct told_case *c = arg;
	struct check_told told;
	struct sysinfo info;
	char swaps[1024];

	world_up(&spec, &config, NULL);
	progress_set_exact(true);
	run_op(&(struct op){ .id = OP_map, .nr = 1 });
	run_op(&(struct op){ .id = OP_reclaim, .nr = 1 });
	run_op(&(struct op){ .id = OP_swapon, .nr = 1, .args = { 1 } });
	run_op(&(struct op){ .id = OP_swaps, .nr = 2 });

	task_op_begin("told");
	check_told_begin(&told);
	swaps_read(swaps, sizeof(swaps), 1);
	swap_sysinfo(&info);
	if (run != TRUTH && c->find)
		replace(swaps, sizeof(swaps), c->find, c->replace);
	if (run != TRUTH) {
		info.totalswap += c->total;
		info.freeswap += c->free;
		/* another task may be about to change them */
		if (run == LIE_BESIDE_OTHERS)
			ghost_task()->sysinfo.settled = false;
		trace_mm_sysinfo(info.totalswap, info.freeswap);
	}
	if (run == LIE_BESIDE_OTHERS)
		told.alone.others--;
	check_told_end(&told, swaps, &info);
	if (c->ptes)
		tell_smaps(c);
	task_op_end();
}

static void test_case(void **state)
{
	static char output[1 << 16];
	const struct told_case *c = *state;
	const char *fails = c->ptes ? "FAIL  INV-G18" : "FAIL  INV-G17";
	int rc;

	run = TRUTH;
	rc = child_run(child, c, output, sizeof(output));
	if (rc)
		fail_msg("not quiet: exit %d\n%s", rc, output);
	run = LIE;
	rc = child_run(child, c, output, sizeof(output));
	if (rc != 1 || !strstr(output, fails))
		fail_msg("does not fire: exit %d\n%s", rc, output);
	run = LIE_BESIDE_OTHERS;
	rc = child_run(child, c, output, sizeof(output));
	if (rc != c->always || !strstr(output, fails) != !c->always)
		fail_msg("beside others: exit %d\n%s", rc, output);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(cases)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		tests[i].name = cases[i].name;
		tests[i].test_func = test_case;
		tests[i].initial_state = (void *)&cases[i];
	}
	return cmocka_run_group_tests_name("world_told", tests, NULL, NULL);
}
