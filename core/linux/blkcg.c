// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the block layer knows of cgroups: whose pages a bio has, and who is throttled when swap is congested. Nobody
 * waits; what is checked are references, and that the disk is there.
 */
#include <mm/mm.h>
#include <mm/mm_view.h>
#include <shim/blkdev.h>
#include <swap/swap.h>
#include "hooks.h"

struct cgroup_subsys io_cgrp_subsys;

static struct cgroup cgroups[NR_MEMCGS + 1];
static struct mem_cgroup memcgs[NR_MEMCGS + 1];
static long css_refs;			/* of all tasks, beside the cgroups' own */

void tree_blkcg_reset(void)
{
	unsigned int id;

	for (id = 0; id <= NR_MEMCGS; id++) {
		cgroups[id].id = id;
		memcgs[id].css.cgroup = &cgroups[id];
	}
	css_refs = 0;
}

long tree_css_refs(void)
{
	return css_refs;
}

struct mem_cgroup *tree_folio_memcg(const struct folio *folio)
{
	return folio->memcg ? &memcgs[folio->memcg] : NULL;
}

struct cgroup_subsys_state *tree_e_css(const struct cgroup *cgroup)
{
	__rcu_deref_check(rcu_read_lock_held(), "cgroup_e_css()", CODE_SITE);
	return &memcgs[cgroup->id].css;
}

void tree_css_get(struct cgroup_subsys_state *css, long nr)
{
	__atomic_fetch_add(&css_refs, nr, __ATOMIC_RELAXED);
}

void tree_throttle(const struct gendisk *disk)
{
	if (!disk->fops)
		harness_fail("CRASH", CODE_SITE, "a task is throttled by a disk that there is not");
}
