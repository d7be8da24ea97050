// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include <machine/test/child.h>
#include <mm/mm.h>
#include <world/world.h>
#include "fixture.h"

#define FOLIOS 512
#define DEVICES MAX_SWAPFILES

static struct block_device *bdevs[DEVICES];
static unsigned int nr_bdevs;

static struct world_spec spec;

void world_start(const struct world *small)
{
	struct machine_config config = {
		.seed = 1,
		.watchdog_seconds = small->watchdog_seconds ? small->watchdog_seconds : 20,
	};

	spec = (struct world_spec){
		.geometry = {
			.cluster_slots = small->slots ? small->slots : 8,
			.count_bits = 2,
			.nr_cpus = small->cpus ? small->cpus : 2,
			.ptl_shift = 1,
			.table = small->table,
		},
		.folios = FOLIOS,
	};
	spec.geometry.pmd_order = __builtin_ctz(spec.geometry.cluster_slots);
	world_up(&spec, &config, NULL);
	gates_reset();
	nr_bdevs = 0;
}

void world_stop(void)
{
	unsigned int type;
	int err;

	world_rest();
	check_quiescent();
	for (type = 0; type < nr_swapfiles; type++) {
		if (!(swap_info[type]->flags & SWP_WRITEOK))
			continue;
		/* whatever it leaves behind would keep swapoff waiting for ever */
		signal_after(3);
		err = swapoff(type);
		if (err)
			harness_fail("LEAK", CODE_SITE, "swapoff of device %u: %d, %lu slots left",
				     type, err, swap_usage_in_pages(swap_info[type]));
	}
	while (nr_bdevs)
		bdev_destroy(bdevs[--nr_bdevs]);
	world_down();
	machine_stop();
}

unsigned int device_on(unsigned int pages, unsigned int dev_flags, int prio)
{
	struct bdev_options options = {
		.pages = pages,
		.rotating = dev_flags & DEV_ROTATING,
		.discard = dev_flags & DEV_DISCARD,
		.synchronous = dev_flags & DEV_SYNC,
	};
	int flags = SWAP_FLAG_PREFER | prio;
	unsigned int type;

	if (dev_flags & DEV_DISCARD)
		flags |= SWAP_FLAG_DISCARD;
	bdevs[nr_bdevs] = bdev_create(&options);
	if (swapon(bdevs[nr_bdevs++], flags, &type))
		harness_fail("TEST", CODE_SITE, "swapon failed");
	return type;
}

struct swap_info_struct *device(unsigned int type)
{
	return swap_info[type];
}

struct folio *test_folio(unsigned int order)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_NOFAIL, order);

	if (!folio)
		harness_fail("TEST", CODE_SITE, "no folio");
	folio_lock_new(folio);
	folio_set_swapbacked(folio);
	folio_mark_uptodate(folio);
	return folio;
}

struct folio *test_folio_cached(unsigned int order)
{
	struct folio *folio = test_folio(order);

	if (folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "no slots for order %u", order);
	return folio;
}

void test_folio_free(struct folio *folio)
{
	if (folio_test_swapcache(folio))
		folio_free_swap(folio);
	folio_unlock(folio);
	folio_put(folio);
}

void hint_set(unsigned int cpu, unsigned int order, struct swap_info_struct *si,
	      unsigned long offset)
{
	unsigned int cpu_before = raw_smp_processor_id();

	local_lock_on(&percpu_swap_cluster.lock, cpu);
	this_cpu_write(percpu_swap_cluster.offset[order], offset);
	this_cpu_write(percpu_swap_cluster.si[order], si);
	local_unlock_on(&percpu_swap_cluster.lock, cpu);
	task_set_cpu(cpu_before);
}

void fail_next(enum alloc_site site, unsigned int nr)
{
	struct fail_plan plan = { .from = 1, .to = nr ? nr : ULONG_MAX };

	alloc_fail_plan(site, &plan);
}

struct scenario {
	void (*fn)(void);
	const char *mutant;
	const struct world *world;
};

static void scenario_child(const void *arg)
{
	const struct scenario *s = arg;

	if (s->mutant && mutant_enable(s->mutant)) {
		fprintf(stderr, "no mutant %s\n", s->mutant);
		_exit(3);
	}
	world_start(s->world);
	task_op_begin("scenario");
	s->fn();
	task_op_end();
	world_stop();
}

int scenario_run(void (*fn)(void), const char *mutant, const struct world *small,
		 char *output, size_t size)
{
	const struct scenario s = { fn, mutant, small };

	return child_run(scenario_child, &s, output, size);
}
