// SPDX-License-Identifier: GPL-2.0-only
/* Everything the workers work on, up and down. */
#include <stdlib.h>
#include "world.h"

unsigned long world_memory(void)
{
	const struct workload *load = options.workload;
	unsigned long eighths = 0;
	unsigned int i;

	for (i = 0; i < DEVICES_MAX; i++)
		eighths += load->devices[i].eighths;
	return eighths * SWAPFILE_CLUSTER / 8 * (load->memory ? load->memory : 100) / 100;
}

void world_start(void)
{
	devices_create();
	spaces_create();
	if (options.workload->setup)
		options.workload->setup();
}

void world_calm(void)
{
	static const struct fail_plan never;
	unsigned int i;

	for (i = 0; i < NR_ALLOC_SITES; i++)
		alloc_fail_plan(i, &never);
	for (i = 0; i < options.threads; i++)
		if (workers[i].image)
			image_end(&workers[i]);
}

void world_stop(void)
{
	spaces_destroy();
	devices_destroy();
}
