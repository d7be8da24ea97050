// SPDX-License-Identifier: GPL-2.0-only
/* The strategy that deviates nowhere. */
#include "internal.h"

static unsigned int default_pick(const struct sim_view *view)
{
	return view->dflt;
}

static unsigned int default_value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	return dflt;
}

const struct sim_strategy sim_strategy_default = {
	.name = "default",
	.pick = default_pick,
	.value = default_value,
};
