// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set-up and tear-down of a world, on either machine. Built without instrumentation, as all code that
 * hands objects from task to task must be: tokens say what orders the tasks.
 */
#include <string.h>

#include <check/check.h>
#include <kernel/bug.h>
#include <kernel/rcupdate.h>
#include <kernel/workqueue.h>
#include <kernel/world.h>
#include <machine/alloc.h>
#include <machine/warn.h>
#include <mm/mm.h>
#include "names.h"
#include "world.h"

struct swap_world world;

/* No point: just for the harness. */
bool world_device_is_on(unsigned int index)
{
	int type = __atomic_load_n(&world.devices[index].type, __ATOMIC_ACQUIRE);
	struct swap_info_struct *si = type < 0 ? NULL : swap_info[type];

	return si && (__atomic_load_n(&si->flags, __ATOMIC_RELAXED) & SWP_WRITEOK) &&
	       swap_bdev(si) == world.devices[index].bdev;
}

static const int swapon_discards[NR_WORLD_DISCARDS] = {
	[WORLD_DISCARD] = SWAP_FLAG_DISCARD,
	[WORLD_DISCARD_ONCE] = SWAP_FLAG_DISCARD | SWAP_FLAG_DISCARD_ONCE,
	[WORLD_DISCARD_PAGES] = SWAP_FLAG_DISCARD | SWAP_FLAG_DISCARD_PAGES,
};

/* Of the device's flags, those that say when it is told of what is free. */
static const unsigned long device_discards[NR_WORLD_DISCARDS] = {
	[WORLD_DISCARD] = SWP_DISCARDABLE | SWP_AREA_DISCARD | SWP_PAGE_DISCARD,
	[WORLD_DISCARD_ONCE] = SWP_DISCARDABLE | SWP_AREA_DISCARD,
	[WORLD_DISCARD_PAGES] = SWP_DISCARDABLE | SWP_PAGE_DISCARD,
};

static int swap_flags(const struct world_device *spec)
{
	int flags = 0;

	if (spec->prio >= 0)
		flags |= SWAP_FLAG_PREFER | spec->prio;
	return flags | swapon_discards[spec->discard];
}

/* Alone, the device is as swapon was asked. */
static void check_settings(const struct check_device *check, const struct world_device *spec,
			   const struct swap_info_struct *si)
{
	/* a file system that does the I/O itself takes no discards */
	unsigned long discards = spec->fs ? 0 : device_discards[spec->discard];

	/* one that was not asked for is below 0; which, is the tree's */
	if (spec->prio >= 0 || si->prio >= 0)
		check_alone_end(&check->alone, "the priority that swapon gives a device", si->prio, spec->prio);
	check_alone_end(&check->alone, "the discards that swapon enables", si->flags & device_discards[WORLD_DISCARD],
			discards);
}

void world_swaps_open(struct seq_file *swaps)
{
	machine_mute();
	swaps_open(swaps);
	machine_unmute();
}

bool world_swaps_changed(struct seq_file *swaps)
{
	bool changed;

	machine_mute();
	changed = swaps_changed(swaps);
	machine_unmute();
	return changed;
}

bool world_header_good(const struct world_device *spec)
{
	return !(spec->file && spec->nr_bad) && spec->pages > 1u + spec->nr_bad && !spec->short_by;
}

int world_device_on(unsigned int index)
{
	bool good = world_header_good(&world.spec->devices[index]), is_on;
	struct swap_info_struct *si;
	struct check_device check;
	struct seq_file swaps;
	unsigned int type;
	int ret;

	world_swaps_open(&swaps);
	world_names_forget();
	is_on = world_device_is_on(index);
	check_device_begin(&check);
	ret = swapon(world.devices[index].bdev, swap_flags(&world.spec->devices[index]), &type);
	check_swapon_end(&check, ret, good, is_on);
	check_polled(&check, ret, world_swaps_changed(&swaps));
	if (ret)
		return ret;
	/* by now the type may be another device's, or none's, and this one on with another type */
	si = swap_info[type];
	if (si)
		check_settings(&check, &world.spec->devices[index], si);
	if (si && swap_bdev(si) == world.devices[index].bdev)
		__atomic_store_n(&world.devices[index].type, type, __ATOMIC_RELEASE);
	return 0;
}

static void device_create(unsigned int index)
{
	const struct world_device *spec = &world.spec->devices[index];
	struct bdev_options options = {
		.pages = spec->pages,
		.rotating = spec->rotating,
		.discard = spec->discard != WORLD_DISCARD_NONE,
		.synchronous = spec->synchronous,
		.stable_writes = spec->stable,
		.swap_file = spec->file,
		.fs = spec->fs,
		.last_page = spec->pages - 1 + spec->short_by,
		.nr_badpages = spec->nr_bad,
		.badpages = world.devices[index].bad,
	};
	unsigned int i;

	for (i = 0; i < spec->nr_bad; i++)
		world.devices[index].bad[i] = spec->bad[i];
	world.devices[index].bdev = bdev_create(&options);
	world.devices[index].type = -1;
	if (!spec->off)
		world_device_on(index);
}

/* In the order of their occurrence. */
static void print_event(FILE *out, const struct task_struct *task, const struct trace_record *rec)
{
	static struct trace_tables tables;

	trace_print_args(out, rec, trace_table_number(&tables, task->id, rec));
}

void world_up(const struct world_spec *spec, const struct machine_config *config,
	      trace_probe_fn probe)
{
	const char *why;
	unsigned int i;

	memset(&world, 0, sizeof(world));
	world.spec = spec;
	world_names_reset();
	report_set_event_printer(print_event);
	if (geometry_set(&spec->geometry, &why))
		harness_fail("SETUP", CODE_SITE, "%s", why);
	if (machine_start(config))
		harness_fail("SETUP", CODE_SITE, "the machine does not start");
	/* no other task can interfere with the set-up, so points mean nothing */
	machine_mute();
	if (mm_world_init(spec->folios) || swapfile_init())
		harness_fail("SETUP", CODE_SITE, "no memory");
	/* first: a check that fails on an event ends the process */
	if (probe)
		trace_attach(NR_TRACE_EVENTS, probe);
	check_init();
	warn_reset();
	task_op_begin("setup");
	for (i = 0; i < spec->nr_devices; i++)
		device_create(i);
	for (i = 0; i < spec->spaces; i++)
		world.spaces[i] = mm_create(spec->pages);
	task_op_end();
	machine_unmute();
}

void world_rest(void)
{
	alloc_fail_reset();
	flush_all_work();
	rcu_barrier();
}

/* Everything goes away by operations. */
static void empty(void)
{
	unsigned int i;

	task_op_begin("end");
	for (i = 0; i < WORLD_TASKS_MAX; i++)
		if (world.images[i])
			swap_image_free(world.images[i]);
	for (i = 0; i < WORLD_SPACES_MAX; i++)
		if (world.spaces[i])
			mmput(world.spaces[i]);
	for (i = 0; i < world.spec->nr_devices; i++)
		if (world_device_is_on(i) && swapoff(world.devices[i].type))
			harness_fail("LEAK", CODE_SITE, "device %c cannot be swapped off at the end",
				     'A' + i);
	/* a struct that is off may name its block device still */
	for (i = 0; i < world.spec->nr_devices; i++)
		bdev_destroy(world.devices[i].bdev);
	world_rest();
	task_op_end();
}

void world_down(void)
{
	struct alloc_stat stat;
	unsigned int type;

	empty();
	machine_mute();
	check_world_empty();
	check_exit();
	machine_unmute();
	swapfile_exit();
	mm_world_exit();
	for (type = 0; type < NR_ALLOC_TYPES; type++) {
		alloc_stat_read(type, &stat);
		if (stat.objects || stat.waiting)
			harness_fail("LEAK", CODE_SITE, "%ld objects (type %u) are left, %ld bytes",
				     stat.objects + stat.waiting, type, stat.bytes);
	}
}
