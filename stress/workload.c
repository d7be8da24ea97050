// SPDX-License-Identifier: GPL-2.0-only
/*
 * The workloads: devices, address spaces, and the weight of each move. Devices have a few
 * clusters of any size, so that the same table serves clusters of 8 and of 512 slots;
 * sizes are not multiples of a cluster, so that there are tails.
 */
#include <string.h>
#include "stress.h"

/* What belongs to every workload: late lookups, a look at the core at rest, a user who looks. */
#define ANY_WORKLOAD [MOVE_LOOKUP] = 60, [MOVE_READAHEAD] = 20, [MOVE_WILLNEED] = 10, [MOVE_HINT] = 4, \
	[MOVE_WAIT] = 2, [MOVE_MOVE] = 6, [MOVE_SWAPS] = 4

const struct workload workloads[] = {
	{
		.name = "kbuild",
		.description = "many short address spaces, fork, small folios",
		.devices = { { 40, 0, 10, 2 }, { 27, 0, 10, 0 }, { 35, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 12, .fill = 170, .memory = 60, .full = 70,
		.max_order = 2, .large_percent = 10,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 120, [MOVE_READ] = 150, [MOVE_WRITE] = 120, [MOVE_SWEEP] = 20,
			[MOVE_RECLAIM] = 150, [MOVE_SWAP_RUN] = 40, [MOVE_FORK] = 30, [MOVE_EXIT] = 30,
			[MOVE_DUP] = 8, [MOVE_ZAP] = 30, [MOVE_WEATHER] = 3,
		},
	}, {
		.name = "usemem",
		.description = "large linear fill and re-touch",
		.devices = { { 61, 0, 5, 0 }, { 36, DEVICE_SYNC, 5, 0 } },
		.nr_mms = 4, .fill = 170, .memory = 60, .full = 80,
		.max_order = 3, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 60, [MOVE_SWEEP] = 100, [MOVE_SWAP_RUN] = 100, [MOVE_RECLAIM_ANY] = 60,
			[MOVE_READ] = 40, [MOVE_ZAP] = 12, [MOVE_EXIT] = 3,
		},
	}, {
		.name = "redis",
		.description = "one big space, snapshots by fork, writes under it",
		.devices = { { 60, 0, -1, 0 }, { 29, DEVICE_STABLE, -1, 1 } },
		.nr_mms = 5, .fill = 220, .memory = 70, .full = 70,
		.max_order = 2, .large_percent = 15,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 60, [MOVE_READ] = 80, [MOVE_WRITE] = 250, [MOVE_SWEEP] = 20,
			[MOVE_RECLAIM] = 100, [MOVE_SWAP_RUN] = 60, [MOVE_FORK] = 12, [MOVE_EXIT] = 4,
			[MOVE_DUP] = 10, [MOVE_ZAP] = 8, [MOVE_FREE_SWAP] = 20, [MOVE_WEATHER] = 3,
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
			[MOVE_MAP] = 120, [MOVE_READ] = 100, [MOVE_WRITE] = 60, [MOVE_RECLAIM] = 120,
			[MOVE_SWAP_RUN] = 40, [MOVE_SPLIT] = 80, [MOVE_MIGRATE] = 40, [MOVE_ZAP] = 40,
			[MOVE_FREE_SWAP] = 20, [MOVE_EXIT] = 6, [MOVE_RECLAIM_ANY] = 30,
		},
	}, {
		.name = "opposite",
		.description = "threads touch pages in opposite directions on a tiny device",
		.devices = { { 21, 0, 1, 0 } },
		.nr_mms = 2, .fill = 160, .memory = 60, .full = 85,
		.max_order = 1, .large_percent = 10,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 60, [MOVE_SWEEP] = 150, [MOVE_SWAP_RUN] = 120, [MOVE_RECLAIM] = 60,
			[MOVE_ZAP] = 12, [MOVE_EXIT] = 2,
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
			[MOVE_MAP] = 80, [MOVE_READ] = 120, [MOVE_WRITE] = 80, [MOVE_RECLAIM] = 150,
			[MOVE_SWAP_RUN] = 60, [MOVE_FORK] = 8, [MOVE_EXIT] = 10, [MOVE_ZAP] = 20,
			[MOVE_SWAPON] = 20, [MOVE_SWAPOFF] = 14, [MOVE_HIB_ALLOC] = 2,
			[MOVE_HIB_FREE] = 4, [MOVE_MIGRATE] = 10, [MOVE_SPLIT] = 10,
			[MOVE_RECLAIM_ANY] = 40,
		},
	}, {
		.name = "hibernate",
		.description = "hibernation images beside folios",
		.devices = { { 40, 0, 10, 1 }, { 29, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 6, .fill = 150, .memory = 70, .full = 75,
		.max_order = 2, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 80, [MOVE_READ] = 100, [MOVE_WRITE] = 60, [MOVE_RECLAIM] = 120,
			[MOVE_SWAP_RUN] = 60, [MOVE_ZAP] = 20, [MOVE_EXIT] = 6, [MOVE_HIB_ALLOC] = 60,
			[MOVE_HIB_FREE] = 14, [MOVE_WEATHER] = 2,
		},
	}, {
		.name = "discard",
		.description = "devices that discard freed slots",
		.devices = { { 48, DEVICE_DISCARD, 10, 0 }, { 33, DEVICE_DISCARD_PAGES, 10, 1 },
			     { 9, DEVICE_DISCARD_ONCE, 2, 0 } },
		.nr_mms = 2, .fill = 210, .memory = 100, .full = 100, .low = 10,
		.max_order = 9, .large_percent = 95,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 150, [MOVE_READ] = 30, [MOVE_WRITE] = 30, [MOVE_RECLAIM] = 100,
			[MOVE_SWAP_RUN] = 150, [MOVE_ZAP] = 50, [MOVE_HOG] = 60, [MOVE_EXIT] = 20, [MOVE_SWEEP] = 20,
			[MOVE_FREE_SWAP] = 20,
		},
	}, {
		.name = "pressure",
		.description = "table, extend and folio allocations fail in bursts",
		.devices = { { 36, 0, 10, 0 }, { 19, 0, 10, 0 }, { 24, DEVICE_ROTATING, 5, 0 } },
		.nr_mms = 6, .fill = 160, .memory = 70, .full = 50,
		.max_order = 2, .large_percent = 20,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 100, [MOVE_READ] = 100, [MOVE_WRITE] = 80, [MOVE_RECLAIM] = 150,
			[MOVE_SWAP_RUN] = 60, [MOVE_FORK] = 12, [MOVE_DUP] = 4, [MOVE_EXIT] = 14,
			[MOVE_ZAP] = 40, [MOVE_MIGRATE] = 10, [MOVE_SPLIT] = 10, [MOVE_HIB_ALLOC] = 2,
			[MOVE_HIB_FREE] = 4, [MOVE_WEATHER] = 12,
		},
	}, {
		.name = "mixed",
		.description = "every kind of operation",
		.devices = { { 32, DEVICE_DISCARD, 10, 0 }, { 27, 0, 10, 2 },
			     { 24, DEVICE_ROTATING, 5, 0 }, { 17, DEVICE_SYNC, 5, 1 },
			     { 13, DEVICE_FILE | DEVICE_STABLE, 1, 0 } },
		.nr_mms = 8, .fill = 150, .memory = 70, .full = 70,
		.max_order = 9, .large_percent = 30,
		.weights = {
			ANY_WORKLOAD,
			[MOVE_MAP] = 100, [MOVE_READ] = 120, [MOVE_WRITE] = 100, [MOVE_SWEEP] = 20,
			[MOVE_RECLAIM] = 120, [MOVE_SWAP_RUN] = 40, [MOVE_RECLAIM_ANY] = 40,
			[MOVE_FREE_SWAP] = 20, [MOVE_FORK] = 10, [MOVE_DUP] = 3, [MOVE_EXIT] = 10,
			[MOVE_ZAP] = 30, [MOVE_MIGRATE] = 20, [MOVE_SPLIT] = 20, [MOVE_SWAPON] = 6,
			[MOVE_SWAPOFF] = 3, [MOVE_HIB_ALLOC] = 3, [MOVE_HIB_FREE] = 4,
			[MOVE_WEATHER] = 2,
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
