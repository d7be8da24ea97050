// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESULT, and PROG-1 of images: what each operation returns is judged. Of each expectation there is one
 * case, run three times in a process of its own: as it is, quiet; with one function below that lies about
 * its result, when the check must fire; and, with the same lie, when there is a cause: an allocation has
 * failed in it, or it was made to stop.
 *
 * The functions that lie are wrapped by the linker (--wrap, core/test.ninja).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <check/ghost.h>
#include <machine/test/child.h>
#include <mm/mm.h>
#include <world/world.h>

enum run { TRUTH, LIE, LIE_WITH_CAUSE };

static enum run run;
/* The function that is to lie next, once, and what it says. NULL: none, or it has. */
static const char *liar;
static long lie;
static bool stopped;

static bool lies(const char *function)
{
	if (!liar || strcmp(liar, function))
		return false;
	liar = NULL;
	if (stopped || (run == LIE_WITH_CAUSE && lie == -EINTR))
		trace_op_aborted();
	if (run == LIE_WITH_CAUSE && lie != -EINTR)
		trace_alloc_failed(ALLOC_OTHER, false);
	return true;
}

/* Does what it is there for, and says something else; _INSTEAD: does nothing. */
#define WRAP(type, name, parameters, ...)							\
	type __real_##name parameters;								\
	type __wrap_##name parameters;								\
	_Static_assert(__builtin_types_compatible_p(__typeof__(name), __typeof__(__real_##name)), #name); \
	type __wrap_##name parameters								\
	{											\
		type ret = __real_##name(__VA_ARGS__);						\
												\
		return lies(#name) ? (type)lie : ret;						\
	}
#define WRAP_INSTEAD(type, name, parameters, ...)						\
	type __real_##name parameters;								\
	type __wrap_##name parameters;								\
	_Static_assert(__builtin_types_compatible_p(__typeof__(name), __typeof__(__real_##name)), #name); \
	type __wrap_##name parameters								\
	{											\
		return lies(#name) ? (type)lie : __real_##name(__VA_ARGS__);			\
	}

WRAP(int, mm_map, (struct mm_struct *mm, unsigned long va, unsigned int order), mm, va, order)

/* As WRAP(); or it has read a page where it may have read more. */
int __real_mm_read(struct mm_struct *mm, unsigned long va, unsigned int order);
int __wrap_mm_read(struct mm_struct *mm, unsigned long va, unsigned int order);
int __wrap_mm_read(struct mm_struct *mm, unsigned long va, unsigned int order)
{
	int ret;

	if (lies("mm_read of a page"))
		return __real_mm_read(mm, va, 0);
	ret = __real_mm_read(mm, va, order);
	return lies("mm_read") ? (int)lie : ret;
}

WRAP(int, mm_write, (struct mm_struct *mm, unsigned long va, unsigned int order), mm, va, order)
WRAP(int, mm_zap, (struct mm_struct *mm, unsigned long va, unsigned long nr), mm, va, nr)
WRAP(int, mm_move, (struct mm_struct *mm, unsigned long dst, unsigned long src), mm, dst, src)
WRAP(int, reclaim_folio, (struct swap_io_ctx *ctx, struct folio *folio, unsigned int flags), ctx, folio, flags)
WRAP(int, migrate_folio, (struct folio *folio), folio)
WRAP(int, split_folio, (struct folio *folio), folio)
WRAP(int, free_swap_folio, (struct folio *folio), folio)
WRAP(int, swap_readahead, (unsigned int type, unsigned long offset, unsigned int window), type, offset, window)
WRAP(int, mm_willneed, (struct mm_struct *mm, unsigned long va, unsigned long nr), mm, va, nr)
WRAP(int, swap_retry_table_alloc, (swp_entry_t entry, gfp_t gfp), entry, gfp)
WRAP_INSTEAD(int, mm_fork, (struct mm_struct *mm, unsigned long va, unsigned long nr, struct mm_struct **dst),
	     mm, va, nr, dst)
WRAP_INSTEAD(struct folio *, mm_get_folio, (struct mm_struct *mm, unsigned long va), mm, va)
WRAP_INSTEAD(struct swap_info_struct *, get_swap_device, (swp_entry_t entry), entry)
WRAP_INSTEAD(struct swap_image *, swap_image_create, (struct block_device *bdev), bdev)
WRAP_INSTEAD(int, swap_image_add_slot, (struct swap_image *image, swp_entry_t *entry), image, entry)
WRAP(int, pin_hibernation_swap_type, (dev_t device, sector_t offset), device, offset)

/* An image's writer asks twice: the lie is about one of the answers. */
unsigned int __real_count_swap_pages(int type, int free);
unsigned int __wrap_count_swap_pages(int type, int free);
unsigned int __wrap_count_swap_pages(int type, int free)
{
	return lies(free ? "count_swap_pages of free ones" : "count_swap_pages") ? (unsigned int)lie :
	       __real_count_swap_pages(type, free);
}

WRAP(bool, swaps_changed, (struct seq_file *m), m)
WRAP_INSTEAD(int, find_first_swap, (dev_t *device), device)
WRAP_INSTEAD(int, swapon, (struct block_device *bdev, int flags, unsigned int *type), bdev, flags, type)
WRAP_INSTEAD(int, swapoff, (unsigned int type), type)

/* --- the cases -------------------------------------------------------------------------------- */

#define OPS_MAX 4

struct expectation {
	const char *name, *liar;
	long lie;
	unsigned int nr_ops;
	struct op ops[OPS_MAX];		/* the last one is judged; .nr is 1 if it is not said */
	bool held;			/* from the second one on the first folio has one reference more */
	bool stopped;			/* the lie is told where it was made to stop, which is no cause */
	bool fs;			/* device B is of a file system that does its I/O */
	enum world_discard discard;	/* of device B */
	bool always;			/* no cause explains it */
	const char *check;		/* that fires; NULL: RESULT */
};

#define OPS(...) .nr_ops = ARRAY_SIZE(((struct op[]){ __VA_ARGS__ })), .ops = { __VA_ARGS__ }
#define OP(what, ...) { .id = OP_##what, ##__VA_ARGS__ }
#define ALL_FOLIOS .nr = 32
#define SLOT_1 .window = 1, .args = { 0, 1 }	/* of device A: where the page above went */
#define CACHED OP(reclaim, .flags = OP_KEEP_CACHE)
#define UNWRITTEN OP(reclaim, .flags = OP_SKIP_WRITE)

static const struct expectation expectations[] = {
	{ "map fails on an empty page", "mm_map", -EEXIST, OPS(OP(map)) },
	{ "map succeeds on a mapped page", "mm_map", 0, OPS(OP(map), OP(map)) },
	{ "read finds nothing at a mapped page", "mm_read", -ENOENT, OPS(OP(map), OP(read)) },
	{ "read finds something at an empty page", "mm_read", 0, OPS(OP(read)) },
	{ "read of a swapped page fails", "mm_read", -EAGAIN, OPS(OP(map), OP(reclaim), OP(read)) },
	{ "read gets a page of a large folio", "mm_read of a page", 0,
	  OPS(OP(map, .order = 1), OP(reclaim), OP(read, .order = 1)) },
	{ "write fails", "mm_write", -EAGAIN, OPS(OP(map), OP(write)) },
	{ "zap fails", "mm_zap", -EAGAIN, OPS(OP(map), OP(zap)) },
	{ "fork fails", "mm_fork", -EAGAIN, OPS(OP(map), OP(fork, .args = { 0, 1, 0 })) },
	{ "fork has no memory", "mm_fork", -ENOMEM, OPS(OP(map), OP(fork, .args = { 0, 1, 0 })) },
	{ "fork is stopped and has no memory", "mm_fork", -ENOMEM, OPS(OP(map), OP(fork, .args = { 0, 1, 0 })),
	  .stopped = true },
	{ "fork is interrupted", "mm_fork", -EINTR, OPS(OP(map), OP(fork, .args = { 0, 1, 0 })) },
	{ "move fails", "mm_move", -EAGAIN, OPS(OP(map), OP(move, .args = { 0, 4, 0 })) },
	{ "move of a swapped page fails", "mm_move", -EAGAIN,
	  OPS(OP(map), OP(reclaim), OP(move, .args = { 0, 4, 0 })) },
	{ "move finds nothing", "mm_move", -ENOENT, OPS(OP(map), OP(move, .args = { 0, 4, 0 })) },
	{ "move finds something", "mm_move", 0, OPS(OP(move, .args = { 0, 4, 0 })) },
	{ "move overwrites", "mm_move", 0, OPS(OP(map, .nr = 8), OP(move, .args = { 0, 4, 0 })) },
	{ "move takes a large folio apart", "mm_move", 0, OPS(OP(map, .order = 1), OP(move, .args = { 0, 4, 0 })) },
	{ "move takes a shared page", "mm_move", 0,
	  OPS(OP(map), OP(fork, .args = { 0, 1, 0 }), OP(move, .args = { 0, 4, 0 })) },
	{ "dup fails", "mm_fork", -EAGAIN, OPS(OP(map), OP(dup)) },
	{ "dup has no memory", "mm_fork", -ENOMEM, OPS(OP(map), OP(dup)) },
	{ "dup is interrupted", "mm_fork", -EINTR, OPS(OP(map), OP(dup)) },
	{ "extend fails", "swap_retry_table_alloc", -EINVAL, OPS(OP(map), OP(reclaim), OP(extend, SLOT_1)) },
	{ "extend has no memory", "swap_retry_table_alloc", -ENOMEM,
	  OPS(OP(map), OP(reclaim), OP(extend, SLOT_1)) },
	{ "lookup finds no device", "get_swap_device", 0, OPS(OP(lookup, SLOT_1)) },
	{ "readahead finds no device", "swap_readahead", -ENOENT,
	  OPS(OP(map), OP(reclaim), OP(readahead, SLOT_1)) },
	{ "readahead reads nothing", "swap_readahead", 0, OPS(OP(map), OP(reclaim), OP(readahead, SLOT_1)) },
	{ "readahead reads what is cached", "swap_readahead", 1, OPS(OP(map), CACHED, OP(readahead, SLOT_1)) },
	{ "willneed reads nothing", "mm_willneed", 0, OPS(OP(map), OP(reclaim), OP(willneed)) },
	{ "willneed reads what is not out", "mm_willneed", 2, OPS(OP(map), OP(reclaim), OP(willneed, .nr = 8)) },
	{ "reclaim finds no folio", "mm_get_folio", 0, OPS(OP(map), OP(reclaim)) },
	{ "reclaim is refused a folio that is free", "reclaim_folio", -EBUSY, OPS(OP(map), OP(reclaim)) },
	{ "reclaim splits a page", "reclaim_folio", -EAGAIN, OPS(OP(map), OP(reclaim)) },
	{ "reclaim leaves a write behind that is its own", "reclaim_folio", -EINPROGRESS,
	  OPS(OP(map), OP(reclaim)) },
	{ "reclaim has no slot though there are some", "reclaim_folio", -ENOMEM, OPS(OP(map), OP(reclaim)) },
	{ "reclaim_folio has no slot for a cached folio", "reclaim_folio", -ENOMEM,
	  OPS(OP(map), UNWRITTEN, OP(reclaim_folio, ALL_FOLIOS)) },
	{ "reclaim_folio is refused a folio that is free", "reclaim_folio", -EBUSY,
	  OPS(OP(map), OP(reclaim_folio, ALL_FOLIOS)) },
	{ "reclaim_folio takes a folio that is not mapped", "reclaim_folio", 0,
	  OPS(OP(map), OP(zap), OP(reclaim_folio, ALL_FOLIOS)), .held = true },
	{ "migrate is refused a cached folio", "migrate_folio", -EAGAIN,
	  OPS(OP(map), CACHED, OP(migrate, ALL_FOLIOS)) },
	{ "migrate moves a folio that is not cached", "migrate_folio", 0,
	  OPS(OP(map), OP(migrate, ALL_FOLIOS)) },
	{ "split is refused a cached folio", "split_folio", -EAGAIN,
	  OPS(OP(map, .order = 1), CACHED, OP(split, ALL_FOLIOS)) },
	{ "split splits a mapped folio", "split_folio", 0, OPS(OP(map, .order = 1), OP(split, ALL_FOLIOS)) },
	{ "free_swap keeps what is not needed", "free_swap_folio", -EBUSY,
	  OPS(OP(map), OP(reclaim, .flags = OP_DUP_ABORT), OP(free_swap, ALL_FOLIOS)) },
	{ "free_swap frees what is still needed", "free_swap_folio", 0,
	  OPS(OP(map), CACHED, OP(free_swap, ALL_FOLIOS)) },
	{ "hib_alloc finds no device", "swap_image_create", 0, OPS(OP(hib_alloc)) },
	{ "hib_alloc takes another device", "pin_hibernation_swap_type", 1,
	  OPS(OP(swapon, .args = { 1 }), OP(hib_alloc)), .always = true },
	{ "hib_alloc takes no device", "pin_hibernation_swap_type", 1, OPS(OP(hib_alloc)), .always = true },
	{ "hib_alloc is told a page too many", "count_swap_pages", 16, OPS(OP(hib_alloc)) },
	{ "hib_alloc is told a free page too few", "count_swap_pages of free ones", 14, OPS(OP(hib_alloc)) },
	{ "hib_alloc finds no slot", "swap_image_add_slot", -ENOSPC, OPS(OP(hib_alloc)), .check = "PROG-1" },
	{ "hib_alloc finds no second slot", "swap_image_add_slot", -ENOMEM, OPS(OP(hib_alloc), OP(hib_alloc)),
	  .check = "PROG-1" },
	{ "hib_alloc without a device finds another one", "find_first_swap", 1, OPS(OP(hib_alloc, .args = { 1 })),
	  .always = true },
	{ "swapon fails", "swapon", -ENOMEM, OPS(OP(swapon, .args = { 1 })) },
	{ "swapon of a file of such a file system fails", "swapon", -ENOMEM, OPS(OP(swapon, .args = { 1 })),
	  .fs = true, .discard = WORLD_DISCARD },
	{ "swapon that discards all fails", "swapon", -ENOMEM, OPS(OP(swapon, .args = { 1 })),
	  .discard = WORLD_DISCARD_ONCE },
	{ "swapon that discards what is freed fails", "swapon", -ENOMEM, OPS(OP(swapon, .args = { 1 })),
	  .discard = WORLD_DISCARD_PAGES },
	{ "poll() does not tell of swapon", "swaps_changed", false, OPS(OP(swapon, .args = { 1 })), .always = true,
	  .check = "INV-G17" },
	{ "poll() does not tell of swapoff", "swaps_changed", false, OPS(OP(swapoff)), .always = true,
	  .check = "INV-G17" },
	{ "poll() tells of a swapon that failed", "swaps_changed", true, OPS(OP(swapon)), .check = "INV-G17" },
	{ "swapoff fails", "swapoff", -ENOMEM, OPS(OP(swapoff)) },
	{ "swapoff is interrupted", "swapoff", -EINTR, OPS(OP(swapoff)) },
};

/* --- a case in a process of its own ----------------------------------------------------------- */

static const struct world_spec spec = {
	.geometry = {
		.cluster_slots = 8, .count_bits = 2, .nr_cpus = 1, .ptl_shift = 1, .pmd_order = 3,
		.table = TABLE_SLAB,
	},
	.pages = 8, .spaces = 1, .folios = 32,
	.nr_devices = 2,
	/* synchronous: no work item reads or writes behind an operation, so it is alone */
	.devices = {
		{ .pages = 16, .prio = -1, .synchronous = true },
		{ .pages = 16, .prio = -1, .synchronous = true, .off = true },
	},
};

static void child(const void *arg)
{
	static const struct machine_config config = { .seed = 1, .watchdog_seconds = 60 };
	const struct expectation *e = arg;
	static struct world_spec mine;
	unsigned int i;
	struct op op;

	mine = spec;
	if (e->fs)
		mine.devices[1].file = mine.devices[1].fs = true;
	mine.devices[1].discard = e->discard;
	world_up(&mine, &config, NULL);
	progress_set_exact(true);
	for (i = 0; i < e->nr_ops; i++) {
		op = e->ops[i];
		op.nr = op.nr ? : 1;
		if (i == 1 && e->held && !arena_get_folio(0))
			harness_fail("TEST", CODE_SITE, "f0 is not the first folio");
		if (i + 1 == e->nr_ops && run != TRUTH) {
			liar = e->liar;
			lie = e->lie;
			stopped = e->stopped;
		}
		task_op_begin(op_infos[op.id].name);
		op_run(0, &op);
		task_op_end();
	}
	if (liar)
		harness_fail("TEST", CODE_SITE, "%s is not called", liar);
}

static void test_expectation(void **state)
{
	static char output[1 << 16], fails[32];
	const struct expectation *e = *state;
	int rc;

	snprintf(fails, sizeof(fails), "FAIL  %s", e->check ? : "RESULT");

	run = TRUTH;
	rc = child_run(child, e, output, sizeof(output));
	if (rc)
		fail_msg("not quiet: exit %d\n%s", rc, output);
	run = LIE;
	rc = child_run(child, e, output, sizeof(output));
	if (rc != 1 || !strstr(output, fails))
		fail_msg("does not fire: exit %d\n%s", rc, output);
	run = LIE_WITH_CAUSE;
	rc = child_run(child, e, output, sizeof(output));
	if (rc != e->always)
		fail_msg("not quiet with a cause: exit %d\n%s", rc, output);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(expectations)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expectations); i++) {
		tests[i].name = expectations[i].name;
		tests[i].test_func = test_expectation;
		tests[i].initial_state = (void *)&expectations[i];
	}
	return cmocka_run_group_tests_name("world_result", tests, NULL, NULL);
}
