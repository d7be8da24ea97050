// SPDX-License-Identifier: GPL-2.0-only
/*
 * The workloads: devices, address spaces, and how often which operation. Devices are a few
 * clusters of whatever size, so that the same table serves clusters of 8 and of 512 slots;
 * sizes are not multiples of a cluster, so that there are tails.
 */
#include <string.h>
#include "stress.h"

/* What belongs to every workload: late lookups, and a look at the core at rest. */
#define ANY_WORKLOAD [OP_LOOKUP] = 60, [OP_READAHEAD] = 20, [OP_HINT_POKE] = 4, \
	[OP_DRAIN] = 2

const struct workload workloads[] = {
	{
		.name = "kbuild",
		.description = "many short address spaces, fork, small folios",
		.devices = { { 40, 0, 10, 2 }, { 27, 0, 10, 0 }, { 35, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 12, .fill = 170, .memory = 60, .full = 70,
		.max_order = 2, .large_percent = 10,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 120, [OP_READ] = 150, [OP_WRITE] = 120, [OP_SWEEP] = 20,
			[OP_RECLAIM] = 150, [OP_SWAP_RUN] = 40, [OP_FORK] = 30, [OP_EXIT] = 30,
			[OP_DUPMANY] = 8, [OP_ZAP] = 30, [OP_WEATHER] = 3,
		},
	}, {
		.name = "usemem",
		.description = "large linear fill and re-touch",
		.devices = { { 61, 0, 5, 0 }, { 36, DEVICE_SYNC, 5, 0 } },
		.nr_mms = 4, .fill = 170, .memory = 60, .full = 80,
		.max_order = 3, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 60, [OP_SWEEP] = 100, [OP_SWAP_RUN] = 100, [OP_RECLAIM_ANY] = 60,
			[OP_READ] = 40, [OP_ZAP] = 12, [OP_EXIT] = 3,
		},
	}, {
		.name = "redis",
		.description = "one big space, snapshots by fork, writes under it",
		.devices = { { 60, 0, -1, 0 }, { 29, DEVICE_STABLE, -1, 1 } },
		.nr_mms = 5, .fill = 220, .memory = 70, .full = 70,
		.max_order = 2, .large_percent = 15,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 60, [OP_READ] = 80, [OP_WRITE] = 250, [OP_SWEEP] = 20,
			[OP_RECLAIM] = 100, [OP_SWAP_RUN] = 60, [OP_FORK] = 12, [OP_EXIT] = 4,
			[OP_DUPMANY] = 10, [OP_ZAP] = 8, [OP_FREE_SWAP] = 20, [OP_WEATHER] = 3,
		},
	}, {
		.name = "thp",
		.description = "mixed orders, splits",
		.devices = { { 48, 0, 10, 1 }, { 21, DEVICE_FILE, 5, 0 },
			     { 28, DEVICE_ROTATING, 3, 0 } },
		.nr_mms = 6, .fill = 180, .memory = 60, .full = 80,
		.max_order = 9, .large_percent = 60,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 120, [OP_READ] = 100, [OP_WRITE] = 60, [OP_RECLAIM] = 120,
			[OP_SWAP_RUN] = 40, [OP_SPLIT] = 80, [OP_MIGRATE] = 40, [OP_ZAP] = 40,
			[OP_FREE_SWAP] = 20, [OP_EXIT] = 6, [OP_RECLAIM_ANY] = 30,
		},
	}, {
		.name = "opposite",
		.description = "threads touch pages in opposite directions on a tiny device",
		.devices = { { 21, 0, 1, 0 } },
		.nr_mms = 2, .fill = 160, .memory = 60, .full = 85,
		.max_order = 1, .large_percent = 10,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 60, [OP_SWEEP] = 150, [OP_SWAP_RUN] = 120, [OP_RECLAIM] = 60,
			[OP_ZAP] = 12, [OP_EXIT] = 2,
		},
	}, {
		.name = "swapoff",
		.description = "devices come and go under load",
		.devices = { { 28, 0, 10, 0 }, { 29, 0, 10, 1 }, { 21, DEVICE_ROTATING, 5, 0 },
			     { 40, DEVICE_SYNC, 1, 0 } },
		.nr_mms = 6, .fill = 110, .memory = 80, .full = 40,
		.max_order = 3, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 80, [OP_READ] = 120, [OP_WRITE] = 80, [OP_RECLAIM] = 150,
			[OP_SWAP_RUN] = 60, [OP_FORK] = 8, [OP_EXIT] = 10, [OP_ZAP] = 20,
			[OP_SWAPON] = 20, [OP_SWAPOFF] = 14, [OP_HIB_ALLOC] = 2,
			[OP_HIB_FREE] = 4, [OP_MIGRATE] = 10, [OP_SPLIT] = 10,
			[OP_RECLAIM_ANY] = 40,
		},
	}, {
		.name = "hibernate",
		.description = "images beside folios",
		.devices = { { 40, 0, 10, 1 }, { 29, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 6, .fill = 150, .memory = 70, .full = 75,
		.max_order = 2, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 80, [OP_READ] = 100, [OP_WRITE] = 60, [OP_RECLAIM] = 120,
			[OP_SWAP_RUN] = 60, [OP_ZAP] = 20, [OP_EXIT] = 6, [OP_HIB_ALLOC] = 60,
			[OP_HIB_FREE] = 14, [OP_WEATHER] = 2,
		},
	}, {
		.name = "discard",
		.description = "devices that discard what is freed",
		.devices = { { 48, DEVICE_DISCARD, 10, 0 }, { 33, DEVICE_DISCARD, 10, 1 },
			     { 9, DEVICE_DISCARD | DEVICE_DISCARD_ONCE, 2, 0 } },
		.nr_mms = 2, .fill = 210, .memory = 100, .full = 100, .low = 10,
		.max_order = 9, .large_percent = 95,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 150, [OP_READ] = 30, [OP_WRITE] = 30, [OP_RECLAIM] = 100,
			[OP_SWAP_RUN] = 150, [OP_ZAP] = 50, [OP_HOG] = 60, [OP_EXIT] = 20, [OP_SWEEP] = 20,
			[OP_FREE_SWAP] = 20,
		},
	}, {
		.name = "pressure",
		.description = "table, extend and folio allocations fail in bursts",
		.devices = { { 36, 0, 10, 0 }, { 19, 0, 10, 0 }, { 24, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 6, .fill = 160, .memory = 70, .full = 50,
		.max_order = 2, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 100, [OP_READ] = 100, [OP_WRITE] = 80, [OP_RECLAIM] = 150,
			[OP_SWAP_RUN] = 60, [OP_FORK] = 12, [OP_DUPMANY] = 4, [OP_EXIT] = 14,
			[OP_ZAP] = 40, [OP_MIGRATE] = 10, [OP_SPLIT] = 10, [OP_HIB_ALLOC] = 2,
			[OP_HIB_FREE] = 4, [OP_WEATHER] = 12,
		},
	}, {
		.name = "mixed",
		.description = "all of it",
		.devices = { { 32, DEVICE_DISCARD, 10, 0 }, { 27, 0, 10, 2 },
			     { 24, DEVICE_ROTATING, 5, 0 }, { 17, DEVICE_SYNC, 5, 1 },
			     { 13, DEVICE_FILE | DEVICE_STABLE, 1, 0 } },
		.nr_mms = 8, .fill = 150, .memory = 70, .full = 70,
		.max_order = 9, .large_percent = 30,
		.weights = {
			ANY_WORKLOAD,
			[OP_MAP] = 100, [OP_READ] = 120, [OP_WRITE] = 100, [OP_SWEEP] = 20,
			[OP_RECLAIM] = 120, [OP_SWAP_RUN] = 40, [OP_RECLAIM_ANY] = 40,
			[OP_FREE_SWAP] = 20, [OP_FORK] = 10, [OP_DUPMANY] = 3, [OP_EXIT] = 10,
			[OP_ZAP] = 30, [OP_MIGRATE] = 20, [OP_SPLIT] = 20, [OP_SWAPON] = 6,
			[OP_SWAPOFF] = 3, [OP_HIB_ALLOC] = 3, [OP_HIB_FREE] = 4,
			[OP_WEATHER] = 2,
		},
	},
};
const unsigned int nr_workloads = ARRAY_SIZE(workloads);

const struct workload *workload_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_workloads; i++)
		if (!strcmp(workloads[i].name, name))
			return &workloads[i];
	return NULL;
}
