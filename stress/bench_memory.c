// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the dynamic tables are for: memory of huge devices, counted by the allocators, while
 * they are idle, filled with PMD-order folios, and emptied again. Ghost state of the checks is
 * counted apart (none in the bench variant).
 */
#include <stdio.h>
#include <stdlib.h>

#include <check/check.h>
#include <kernel/slab.h>
#include <machine/machine.h>
#include <mm/mm.h>

#define PAGE_BYTES 4096UL
#define GIB (1UL << 30)
#define TIB (1UL << 40)

static const struct geometry geometry_bench = {
	.cluster_slots = 512, .pmd_order = 9, .count_bits = 4, .nr_cpus = 1, .ptl_shift = 9,
	.table = TABLE_PAGE,
};

static long bytes_of(enum alloc_type type)
{
	struct alloc_stat stat;

	alloc_stat_read(type, &stat);
	return stat.bytes;
}

static void row(const char *what, struct swap_info_struct *si)
{
	unsigned long clusters = DIV_ROUND_UP((unsigned long)si->max, SWAPFILE_CLUSTER);
	long info = bytes_of(ALLOC_TYPE_CLUSTER_INFO), tables = bytes_of(ALLOC_TYPE_TABLE);
	long at_swapon = info + clusters * SWAPFILE_CLUSTER * sizeof(long);

	printf("%-34s %10lu %9.1f MiB %9.1f MiB %8.1f %10.1f MiB %6.3f %9.1f MiB\n", what, clusters,
	       info / 1048576.0, tables / 1048576.0, (double)(info + tables) / clusters,
	       at_swapon / 1048576.0, (double)(info + tables) / at_swapon,
	       ghost_bytes() / 1048576.0);
	fflush(stdout);
}

static struct swap_info_struct *device(unsigned long bytes, struct block_device **bdev)
{
	struct bdev_options options = {
		.pages = min(bytes / PAGE_BYTES, (unsigned long)UINT_MAX), .no_content = true,
	};
	unsigned int type;

	*bdev = bdev_create(&options);
	if (!*bdev || swapon(*bdev, 0, &type)) {
		fprintf(stderr, "bench memory: no device of %lu bytes\n", bytes);
		exit(2);
	}
	return swap_info[type];
}

static void device_gone(struct swap_info_struct *si, struct block_device *bdev)
{
	if (swapoff(si->type)) {
		fprintf(stderr, "bench memory: swapoff failed\n");
		exit(1);
	}
	bdev_destroy(bdev);
}

static void idle(unsigned long tib)
{
	struct block_device *bdev;
	struct swap_info_struct *si = device(tib * TIB, &bdev);
	char what[64];

	snprintf(what, sizeof(what), "%lu TiB, idle", tib);
	row(what, si);
	device_gone(si, bdev);
}

/* One PMD-order folio is swapped out; only its slots stay. Return: .val 0 if there are none. */
static swp_entry_t fill_one(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_NOFAIL, HPAGE_PMD_ORDER);
	swp_entry_t entry = { 0 };

	folio_lock_new(folio);
	folio_set_swapbacked(folio);
	folio_mark_uptodate(folio);
	if (!folio_alloc_swap(folio)) {
		entry = folio->swap;
		folio_dup_swap(folio, NULL);
		swap_cache_del_folio(folio);
	}
	folio_unlock(folio);
	folio_put(folio);
	return entry;
}

static void fill(void)
{
	static const unsigned int percents[] = { 1, 50, 100 };
	struct block_device *bdev;
	struct swap_info_struct *si = device(64 * GIB, &bdev);
	unsigned long nr_folios = si->max / SWAPFILE_CLUSTER, nr = 0;
	swp_entry_t *entries = calloc(nr_folios, sizeof(*entries));
	unsigned int i;
	char what[64];

	row("64 GiB, idle", si);
	for (i = 0; i < ARRAY_SIZE(percents); i++) {
		while (nr < nr_folios * percents[i] / 100) {
			entries[nr] = fill_one();
			if (!entries[nr].val)
				break;
			nr++;
		}
		snprintf(what, sizeof(what), "64 GiB, %u %% filled (%lu folios)", percents[i], nr);
		row(what, si);
	}
	while (nr)
		swap_put_entries_direct(entries[--nr], SWAPFILE_CLUSTER);
	rcu_barrier();
	row("64 GiB, emptied again", si);
	free(entries);
	device_gone(si, bdev);
}

int main(void)
{
	struct machine_config config = { .seed = 1 };

	geometry_set(&geometry_bench, NULL);
	machine_start(&config);
	if (mm_world_init(4096) || swapfile_init())
		return 2;
	printf("%-34s %10s %13s %13s %8s %14s %6s %13s\n", "device", "clusters", "cluster info",
	       "tables", "B/clust.", "all at swapon", "ratio", "ghost");
	idle(1);
	idle(16);
	fill();
	swapfile_exit();
	mm_world_exit();
	machine_stop();
	return 0;
}
