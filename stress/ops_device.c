// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on devices and their slots: swapon and swapoff, images, lookups by entry,
 * readahead, hints, failing allocations.
 */
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include "ops.h"
#include "world.h"

#define LOOKUPS_MAX 16			/* under one device reference */
#define IMAGE_PAGES_PERCENT 40		/* of its device, at most at one go */

/* An entry of a device that is on or was lately; the slot may be anything. */
static bool random_entry(struct worker *w, swp_entry_t *entry)
{
	struct device *dev = &devices[worker_random(w, nr_devices)];
	int type = device_type(dev);

	if (type < 0)
		return false;
	*entry = swp_entry(type, 1 + worker_random(w, dev->pages - 1));
	return true;
}

/*
 * A late reader: neither the folio nor the slot is known to be in use. What comes back is
 * locked and compared with the entry, as every lookup's result must be.
 */
static void lookup(swp_entry_t entry)
{
	struct folio *folio = swap_cache_get_folio(entry);

	if (!folio) {
		swap_cache_get_shadow(entry);
		return;
	}
	if (folio_trylock(folio)) {
		if (folio_matches_swap_entry(folio, entry))
			VM_BUG_ON(!swap_cache_has_folio(entry));
		folio_unlock(folio);
	}
	folio_put(folio);
}

int op_lookup(struct worker *w)
{
	unsigned int i, n = 1 + worker_random(w, LOOKUPS_MAX);
	struct swap_info_struct *si;
	swp_entry_t entry;

	if (!random_entry(w, &entry))
		return -ENODEV;
	si = get_swap_device(entry);
	if (!si)
		return -ENODEV;
	for (i = 0; i < n; i++) {
		entry = swp_entry(si->type, 1 + worker_random(w, si->max - 1));
		lookup(entry);
	}
	put_swap_device(si);
	return 0;
}

int op_readahead(struct worker *w)
{
	swp_entry_t entry;

	if (!random_entry(w, &entry))
		return -ENODEV;
	return swap_readahead(swp_type(entry), swp_offset(entry), 1U << worker_random(w, 5));
}

/* A CPU's hints become what another's were, as a task could have left them by migrating. */
int op_hint_poke(struct worker *w)
{
	unsigned int from = worker_random(w, nr_cpu_ids()), to = worker_random(w, nr_cpu_ids());

	swap_hint_poke(to, from);
	return 0;
}

int op_swapon(struct worker *w)
{
	return device_on(&devices[worker_random(w, nr_devices)]);
}

/* There is always a signal on its way; often it comes early, which must leave all as it was. */
int op_swapoff(struct worker *w)
{
	unsigned int after = worker_chance(w, 40) ? 1 + worker_random(w, 4) : 2000;
	struct device *dev = &devices[worker_random(w, nr_devices)];
	int ret;

	if (devices_on() < 2)
		return -EBUSY;
	signal_after(after);
	ret = device_off(dev);
	signal_after(0);
	return ret;
}

int op_hib_alloc(struct worker *w)
{
	struct device *dev;
	unsigned int n;
	swp_entry_t entry;
	int ret = 0;

	if (!w->image) {
		dev = &devices[worker_random(w, nr_devices)];
		ret = image_start(w, dev);
		if (ret)
			return ret;
	}
	n = 1 + worker_random(w, 1 + w->image_device->pages * IMAGE_PAGES_PERCENT / 100);
	while (n--) {
		ret = swap_image_add_slot(w->image, &entry);
		if (ret)
			break;
	}
	return ret;
}

int op_hib_free(struct worker *w)
{
	if (!w->image)
		return -ENOENT;
	image_end(w);
	return 0;
}

int op_drain(struct worker *w)
{
	switch (worker_random(w, 4)) {
	case 0:
		flush_all_work();
		break;
	case 1:
		rcu_barrier();
		break;
	default:
		/* others in the kernel wait for grace periods, too */
		synchronize_rcu();
		break;
	}
	return 0;
}

/* How likely a site fails while the weather is bad, of 2^16 and at random from 1 up. */
static const struct {
	enum alloc_site site;
	unsigned int worst;
} storms[] = {
	{ ALLOC_TABLE_ATOMIC, 60000 },
	{ ALLOC_TABLE_SLEEP, 30000 },
	{ ALLOC_EXTEND_ATOMIC, 50000 },
	{ ALLOC_EXTEND_SLEEP, 20000 },
	{ ALLOC_FOLIO, 8000 },
	{ ALLOC_SWAPON, 20000 },
	{ ALLOC_CHARGE, 8000 },
	{ ALLOC_IO, 8000 },
};

int op_weather(struct worker *w)
{
	struct fail_plan plan = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(storms); i++) {
		plan.probability = 0;
		if (worker_chance(w, 45))
			plan.probability = 1 + worker_random(w, storms[i].worst);
		alloc_fail_plan(storms[i].site, &plan);
	}
	return 0;
}
