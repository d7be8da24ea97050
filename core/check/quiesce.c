// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds at rest: no task in the core, works and callbacks drained. Devices,
 * counters, hints and memory here; slots and folios in owners.c. Why: checks.def.
 *
 * Built without instrumentation.
 */
#include <kernel/vmstat.h>
#include <machine/machine.h>
#include "ghost.h"
#include <mm/mm_view.h>

#ifdef CHECK_ON

/* sums over all devices */
struct totals {
	long pages_enabled, usage;
	long tables, extend_tables, memcg_tables;
	long charged[NR_MEMCGS + 1];	/* by cgroup */
	long cached, cached_of[NR_MEMCGS + 1];	/* slots; of a cgroup's folios */
	int rotating;
};

static void check_tasks(void)
{
	struct ghost_task *t;
	unsigned int i;

	for (i = 0; (t = ghost_task_at(i)); i++)
		if (t->nr_claims || t->depth)
			CHECK_FAIL("INV-G10", "a task at rest has %u claims", t->nr_claims);
}

/* INV-G4 and everything that holds under the locks; counts for INV-G3 and INV-G9. */
static void check_clusters(struct ghost_device *dev, struct totals *sum, long *count)
{
	const struct swap_cluster_info *ci;
	struct ghost_cluster *gc;
	unsigned int i;
	unsigned long word;
	long free_slots = 0;

	*count = 0;
	check_device_lists(dev);
	for (ci = dev->begin; ci < dev->end; ci++) {
		gc = ghost_cluster(dev, ci);
		if (ci->flags == CLUSTER_FLAG_NONE || gc->list == CLUSTER_FLAG_NONE)
			CHECK_FAIL("INV-G4", "on no list at rest: " CI_FMT "; list: %s",
				   CI_ARGS(dev, ci, gc), last_text(&gc->last));
		if (ci->flags == CLUSTER_FLAG_DISCARD)
			CHECK_FAIL("INV-G4", "waits for its discard at rest: " CI_FMT "; list: %s",
				   CI_ARGS(dev, ci, gc), last_text(&gc->last));
		if (gc->claims)
			CHECK_FAIL("INV-G10", "claimed at rest: " CI_FMT "; list: %s",
				   CI_ARGS(dev, ci, gc), last_text(&gc->last));
		check_cluster_state(dev, ci);
		check_cluster_words(dev, ci);
		*count += ci->count;
		sum->tables += !!ci->table;
		sum->extend_tables += !!ci->extend_table;
		sum->memcg_tables += !!ci->memcg_table;
		for (i = 0; i < SWAPFILE_CLUSTER; i++) {
			sum->charged[memcg_id_of(ci, i) % (NR_MEMCGS + 1)]++;
			word = ci->table ? RAW(ci->table[i].counter) : null_to_swp_tb();
			free_slots += swp_tb_is_null(word);
			if (!swp_tb_is_folio(word))
				continue;
			sum->cached++;
			sum->cached_of[RAW(swp_tb_to_folio(word)->memcg) % (NR_MEMCGS + 1)]++;
		}
	}
	if (free_slots != (long)dev->si->pages - device_usage(dev->si))
		BALANCE_FAIL(BALANCE_FREE_SLOTS, dev->si->type, 0, "INV-G4",
			     OBJ_DEVICE ": %ld free slots in its lists, %u pages, %ld in use; usage: %s",
			     dev->si->type, free_slots, dev->si->pages, device_usage(dev->si),
			     last_text(&dev->last_usage));
}

/* INV-G5 */
static void check_plists(const struct ghost_device *dev)
{
	const struct swap_info_struct *si = dev->si;
	bool enabled = RAW(si->flags) & SWP_WRITEOK;
	bool offlist = RAW(si->inuse_pages.counter) & SWAP_USAGE_OFFLIST_BIT;
	bool avail = on_plist(&si->avail_list);
	bool active = on_plist(&si->list);
	bool full = device_usage(si) == (long)si->pages;

	if (offlist == avail || enabled != active || avail != (enabled && !full))
		BALANCE_FAIL(avail == (enabled && !full) ? BALANCE_NONE : BALANCE_AVAIL, si->type,
			     0, "INV-G5", OBJ_DEVICE ": %ld of %u pages in use, WRITEOK %d, OFFLIST "
			     "%d, on the active list %d, on the avail list %d; %s", si->type,
			     device_usage(si), si->pages, enabled, offlist, active, avail,
			     last_text(&dev->last_avail));
}

/* INV-G16 */
static void check_flags(const struct swap_info_struct *si)
{
	const struct block_device *bdev = swap_bdev(si);
	unsigned long mask = SWP_SOLIDSTATE | SWP_SYNCHRONOUS_IO | SWP_BLKDEV;
	unsigned long want = (bdev_rot(bdev) ? 0 : SWP_SOLIDSTATE) |
			     (bdev_synchronous(bdev) ? SWP_SYNCHRONOUS_IO : 0) |
			     (bdev_is_blkdev(bdev) ? SWP_BLKDEV : 0);

	if ((RAW(si->flags) & mask) != want)
		CHECK_FAIL("INV-G16", OBJ_DEVICE " has the flags %lx, of which %lx should be %lx", si->type,
			   (unsigned long)RAW(si->flags), mask, want);
	if (RAW(si->list.prio) != -si->prio || RAW(si->avail_list.prio) != -si->prio)
		CHECK_FAIL("INV-G16", OBJ_DEVICE ": priority %d, but %d in the active list and %d in the avail list",
			   si->type, si->prio, -RAW(si->list.prio), -RAW(si->avail_list.prio));
}

static void check_device(struct ghost_device *dev, struct totals *sum)
{
	const struct swap_info_struct *si = dev->si;
	long count, unusable, refs = RAW(si->users.count.counter);

	if ((RAW(si->flags) & SWP_WRITEOK) && si->pages != bdev_nr_slots(swap_bdev(si)))
		CHECK_FAIL("INV-G2", OBJ_DEVICE " has %u pages, but %lu by its header and its blocks", si->type,
			   si->pages, bdev_nr_slots(swap_bdev(si)));
	if (RAW(si->flags) & SWP_WRITEOK)
		check_flags(si);
	check_clusters(dev, sum, &count);
	unusable = (long)dev->nr_clusters * SWAPFILE_CLUSTER - si->pages;
	if (count != device_usage(si) + unusable)
		BALANCE_FAIL(BALANCE_CLUSTERS, si->type, 0, "INV-G3", OBJ_DEVICE ": its clusters "
			     "count %ld, %ld in use, %ld unusable; usage: %s", si->type, count,
			     device_usage(si), unusable, last_text(&dev->last_usage));
	if (device_usage(si) != RAW(dev->usage))
		BALANCE_FAIL(BALANCE_USAGE, si->type, 0, "INV-G3", OBJ_DEVICE ": usage %ld, but %ld "
			     "slots were taken and not freed; %s", si->type, device_usage(si),
			     dev->usage, last_text(&dev->last_usage));
	check_plists(dev);
	if (refs != 1)
		BALANCE_FAIL(BALANCE_DEVICE_REFS, si->type, 0, "INV-G10",
			     OBJ_DEVICE ": %ld references beside the base one", si->type, refs - 1);
	if (!(RAW(si->flags) & SWP_SOLIDSTATE))
		sum->rotating++;
	if (RAW(si->flags) & SWP_WRITEOK)
		sum->pages_enabled += si->pages;
	sum->usage += device_usage(si);
}

/* INV-G8 */
static void check_hint(unsigned int cpu, unsigned int i)
{
	struct swap_hint hint = swap_hint_peek(cpu, i);
	unsigned int order = i % SWAP_NR_ORDERS, type;

	if (!hint.si)
		return;
	for (type = 0; type < MAX_SWAPFILES; type++)
		if (RAW(swap_info[type]) == hint.si)
			break;
	if (type == MAX_SWAPFILES || !(RAW(hint.si->flags) & SWP_USED)) {
		CHECK_FAIL("INV-G8", OBJ_HINT ": the hint names " OBJ_DEVICE ", which is off", cpu,
			   order, type);
		return;
	}
	/* it may name the unusable tail: the scan leaves "the next slot" */
	if (hint.offset >= round_up((unsigned long)hint.si->max, SWAPFILE_CLUSTER))
		CHECK_FAIL("INV-G8", OBJ_HINT ": hint %lu, " OBJ_DEVICE " has %u slots", cpu, order,
			   hint.offset, type, hint.si->max);
}

/* ... and the local locks. */
static void check_hints(void)
{
	unsigned int cpu, i;

	for (cpu = 0; cpu < geometry.nr_cpus; cpu++) {
		if (swap_hints_locked(cpu))
			CHECK_FAIL("INV-G10", "the local lock of CPU %u is held", cpu);
		for (i = 0; i < swap_nr_hints(); i++)
			check_hint(cpu, i);
	}
}

/* INV-G9. What the code keeps for later is neither in use nor lost. */
static void check_memory(const char *id, enum alloc_type type, enum balance_kind balance,
			 const char *what, long expected)
{
	struct alloc_stat stat;

	alloc_stat_read(type, &stat);
	if (stat.waiting || stat.objects < expected || (stat.objects > expected && alloc_lost(type)))
		BALANCE_FAIL(balance, 0, 0, id,
			     "%ld %s allocated and %ld waiting for a grace period, %ld in use",
			     stat.objects, what, stat.waiting, expected);
}

static void check_counters(const struct totals *sum)
{
	long free_pages = sum->pages_enabled - sum->usage;

	if (RAW(nr_swap_pages.counter) != free_pages)
		BALANCE_FAIL(BALANCE_FREE_PAGES, 0, 0, "INV-G1",
			     "nr_swap_pages %ld, enabled pages %ld minus usage %ld; %s",
			     RAW(nr_swap_pages.counter), sum->pages_enabled, sum->usage,
			     last_text(&last_of_pages));
	if (RAW(total_swap_pages) != sum->pages_enabled)
		BALANCE_FAIL(BALANCE_TOTAL_PAGES, 0, 0, "INV-G2", "total_swap_pages %ld, enabled "
			     "pages %ld; %s", RAW(total_swap_pages), sum->pages_enabled,
			     last_text(&last_of_pages));
	if (RAW(nr_rotate_swap.counter) != sum->rotating)
		BALANCE_FAIL(BALANCE_ROTATING, 0, 0, "INV-G10", "nr_rotate_swap %d, rotating "
			     "devices %d", RAW(nr_rotate_swap.counter), sum->rotating);
}

/* INV-G14 */
static void check_statistics(const struct totals *sum)
{
	unsigned int id;

	if (node_page_state(NR_SWAPCACHE) != sum->cached || node_page_state(NR_FILE_PAGES) != sum->cached)
		CHECK_FAIL("INV-G14", "%ld slots are cached, NR_SWAPCACHE is %ld, NR_FILE_PAGES %ld",
			   sum->cached, node_page_state(NR_SWAPCACHE), node_page_state(NR_FILE_PAGES));
	for (id = 0; id <= NR_MEMCGS; id++)
		if (mem_cgroup_page_state(id, NR_SWAPCACHE) != sum->cached_of[id])
			CHECK_FAIL("INV-G14", "%ld slots are cached of cgroup %u's folios, its NR_SWAPCACHE is %ld",
				   sum->cached_of[id], id, mem_cgroup_page_state(id, NR_SWAPCACHE));
}

/* INV-G15, of a cgroup, or 0: of all */
static void check_event(unsigned short id, const char *what, unsigned long events, unsigned long least,
			unsigned long most)
{
	if (events < least || events > most)
		CHECK_FAIL("INV-G15", "%s of %s%.0u is %lu, but it was %lu to %lu pages, folios or requests", what,
			   id ? "cgroup " : "all", id, events, least, most);
}

static unsigned long io_count(unsigned short id, enum swap_io_count what)
{
	unsigned long sum = 0;
	unsigned short i;

	if (id)
		return swap_io_count(id, what);
	for (i = 0; i <= NR_MEMCGS; i++)
		sum += swap_io_count(i, what);
	return sum;
}

static void check_mthp_stat(unsigned int order, const char *what, unsigned long counted, unsigned long least,
			    unsigned long most)
{
	if (counted < least || counted > most)
		CHECK_FAIL("INV-G15", "%s of order %u is %lu, but it was %lu to %lu folios", what, order, counted,
			   least, most);
}

static unsigned long io_folios(unsigned short id, unsigned int order, enum swap_io_count what)
{
	unsigned long sum = 0;
	unsigned short i;

	if (id)
		return swap_io_folios(id, order, what);
	for (i = 0; i <= NR_MEMCGS; i++)
		sum += swap_io_folios(i, order, what);
	return sum;
}

/* INV-G15, of large folios: a small one has no such statistics. */
static void check_mthp_stats(void)
{
#define STAT(item, first, last) \
	check_mthp_stat(order, #item, mthp_stat(order, item), io_folios(0, order, first), io_folios(0, order, last))
	unsigned int order;

	for (order = 1; order < SWAP_NR_ORDERS; order++) {
		STAT(MTHP_STAT_SWPIN, SWAP_IO_READ_DONE, SWAP_IO_READ);
		STAT(MTHP_STAT_SWPOUT, SWAP_IO_WRITE_DONE, SWAP_IO_WRITE);
		STAT(MTHP_STAT_ZSWPOUT, SWAP_IO_ZSWAP_OUT, SWAP_IO_ZSWAP_OUT);
	}
#undef STAT
}

/* Trees differ in whether they count a read that fails, and a patch may do so for writes. */
static void check_io_events(void)
{
#define EVENTS(id, item) ((id) ? mem_cgroup_events(id, item) : vm_event(item))
#define EVENT(id, item, least, most) \
	check_event(id, #item, EVENTS(id, item), io_count(id, least), io_count(id, most))
	unsigned short id;

	for (id = 0; id <= NR_MEMCGS; id++) {
		EVENT(id, PSWPIN, SWAP_IO_READ_DONE, SWAP_IO_READ);
		EVENT(id, PSWPOUT, SWAP_IO_WRITE_DONE, SWAP_IO_WRITE);
		EVENT(id, SWPIN_ZERO, SWAP_IO_ZERO_IN, SWAP_IO_ZERO_IN);
		EVENT(id, SWPOUT_ZERO, SWAP_IO_ZERO_OUT, SWAP_IO_ZERO_OUT);
		check_event(id, "THP_SWPOUT", EVENTS(id, THP_SWPOUT),
			    io_folios(id, HPAGE_PMD_ORDER, SWAP_IO_WRITE_DONE),
			    io_folios(id, HPAGE_PMD_ORDER, SWAP_IO_WRITE));
	}
	EVENT(0, NRSWPIN, SWAP_IO_READS, SWAP_IO_READS);
	EVENT(0, NRSWPOUT, SWAP_IO_WRITES, SWAP_IO_WRITES);
	EVENT(0, SWAP_RA, SWAP_IO_AHEAD, SWAP_IO_AHEAD);
	EVENT(0, SWAP_RA_HIT, SWAP_IO_AHEAD_HIT, SWAP_IO_AHEAD_HIT);
#undef EVENT
#undef EVENTS
}

/* INV-G12 */
static void check_charges(const struct totals *sum)
{
	unsigned short id;

	for (id = 1; id <= NR_MEMCGS; id++)
		if (mem_cgroup_swap_usage(id) != sum->charged[id])
			CHECK_FAIL("INV-G12", "cgroup %u is charged for %ld pages of swap, %ld slots "
				   "have its id", id, mem_cgroup_swap_usage(id), sum->charged[id]);
}

void check_quiescent(void)
{
	struct totals sum = { 0 };
	const struct swap_info_struct *si;
	struct ghost_device *dev;
	unsigned int type;

	check_tasks();
	for (type = 0; type < MAX_SWAPFILES; type++) {
		si = RAW(swap_info[type]);
		if (!si)
			continue;
		dev = ghost_device_at(type);
		if (!dev && RAW(si->flags) & SWP_USED)
			CHECK_FAIL("INV-G10", OBJ_DEVICE " is in use, but was never published", type);
		if (!dev && (RAW(si->users.count.counter) & ~(long)PERCPU_REF_DEAD))
			CHECK_FAIL("INV-G10", OBJ_DEVICE " is off and has references", type);
		if (dev)
			check_device(dev, &sum);
	}
	check_counters(&sum);
	check_hints();
	check_memory("INV-G9", ALLOC_TYPE_TABLE, BALANCE_TABLES, "tables", sum.tables);
	check_memory("INV-G9", ALLOC_TYPE_EXTEND, BALANCE_EXTENDS, "extend tables",
		     sum.extend_tables);
	check_memory("INV-G9", ALLOC_TYPE_MEMCG, BALANCE_NONE, "memcg tables", sum.memcg_tables);
	check_charges(&sum);
	/* who owns a slot or a folio says more than a sum that is off */
	check_owners();
	check_statistics(&sum);
	check_io_events();
	check_mthp_stats();
}

void check_world_empty(void)
{
	unsigned int type;
	char left[256];

	check_quiescent();
	for (type = 0; type < MAX_SWAPFILES; type++)
		if (RAW(swap_info[type]) && RAW(swap_info[type]->flags) & SWP_USED)
			CHECK_FAIL("LEAK", OBJ_DEVICE " is still on", type);
	check_memory("LEAK", ALLOC_TYPE_CLUSTER_INFO, BALANCE_NONE, "cluster arrays", 0);
	check_memory("LEAK", ALLOC_TYPE_MM, BALANCE_NONE, "objects of mms", 0);
	if (obj_cgroups_held())
		CHECK_FAIL("LEAK", "%ld references to the objects of cgroups", obj_cgroups_held());
	if (check_folios_left(left, sizeof(left)))
		CHECK_FAIL("LEAK", "%s", left);
}

#endif /* CHECK_ON */
