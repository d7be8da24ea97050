// SPDX-License-Identifier: GPL-2.0-only
/* The workload's world: its devices, as many spaces, pages and folios as it asks for. */
#include "stress.h"

struct world_spec spec;

/* Bad slots here and there, the same ones each time, and none twice. */
static void spec_device(struct world_device *dev, const struct device_spec *from)
{
	unsigned int i;

	*dev = (struct world_device){
		.pages = from->eighths * options.geometry.cluster_slots / 8,
		.prio = from->prio,
		.rotating = from->flags & DEVICE_ROTATING,
		.discard = from->flags >> DEVICE_DISCARD_SHIFT,
		.synchronous = from->flags & DEVICE_SYNC,
		.stable = from->flags & DEVICE_STABLE,
		.file = from->flags & DEVICE_FILE,
		.nr_bad = from->nr_bad,
	};
	for (i = 0; i < from->nr_bad; i++)
		dev->bad[i] = 2 + (dev->pages - 3U) * (i + 1) / (from->nr_bad + 1);
}

void spec_make(void)
{
	const struct workload *load = options.workload;
	unsigned long slots = 0, eighths = 0, pages;
	unsigned int n;

	spec.geometry = options.geometry;
	for (n = 0; n < WORLD_DEVICES_MAX && load->devices[n].eighths; n++) {
		spec_device(&spec.devices[n], &load->devices[n]);
		slots += spec.devices[n].pages - 1 - spec.devices[n].nr_bad;
		eighths += load->devices[n].eighths;
	}
	spec.nr_devices = n;
	/* without those that moves have for themselves, see own_space() */
	spec.spaces = min(load->nr_mms, WORLD_SPACES_MAX - 4U);
	pages = round_up(max(slots * load->fill / 100 / spec.spaces, 16UL), 8UL);
	spec.pages = min(pages, (unsigned long)WORLD_PAGES_MAX);
	spec.folios = eighths * spec.geometry.cluster_slots / 8 *
		      (load->memory ? load->memory : 100) / 100;
}
