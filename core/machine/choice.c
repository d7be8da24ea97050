// SPDX-License-Identifier: GPL-2.0-only
/* Names of anchors. */
#include <stdio.h>
#include <string.h>

#include "choice.h"

#define ANCHOR_NAME_MAX 32

static const char *const point_names[NR_POINT_KINDS] = {
	[POINT_LOCK] = "lock", [POINT_TRYLOCK] = "trylock", [POINT_UNLOCK] = "unlock",
	[POINT_ATOMIC_READ] = "read", [POINT_ATOMIC_WRITE] = "write", [POINT_ATOMIC_RMW] = "rmw",
	[POINT_RCU_LOCK] = "rcu_lock", [POINT_RCU_UNLOCK] = "rcu_unlock",
	[POINT_RCU_ASSIGN] = "publish", [POINT_RCU_DEREF] = "deref",
	[POINT_CALL_RCU] = "call_rcu", [POINT_SYNC_RCU] = "sync_rcu", [POINT_ALLOC] = "alloc",
	[POINT_FREE] = "free", [POINT_WAIT] = "wait", [POINT_WAKE] = "wake", [POINT_IO] = "io",
	[POINT_RESCHED] = "resched", [POINT_RELAX] = "relax", [POINT_FENCE] = "fence",
};

static const char *const class_names[NR_LOCK_CLASSES] = {
	[lock_class_none] = "none", [lock_class_system_transition_mutex] = "transition",
	[lock_class_i_rwsem] = "inode", [lock_class_swapon_mutex] = "swapon",
	[lock_class_mmap_lock] = "mmap", [lock_class_folio] = "folio", [lock_class_rmap] = "rmap",
	[lock_class_ptl] = "ptl", [lock_class_percpu_swap_cluster] = "local",
	[lock_class_global_cluster] = "global", [lock_class_cluster] = "ci",
	[lock_class_swap_lock] = "swap", [lock_class_swap_info] = "si",
	[lock_class_swap_avail_lock] = "avail", [lock_class_mmlist_lock] = "mmlist",
	[lock_class_leaf] = "leaf",
	[lock_class_own] = "own", [lock_class_own_mutex] = "ownmutex", [lock_class_machine] = "machine",
};

static char names[NR_ANCHORS][ANCHOR_NAME_MAX];

static void names_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_POINT_KINDS; i++)
		snprintf(names[ANCHOR_POINT + i], ANCHOR_NAME_MAX, "%s", point_names[i]);
	for (i = 0; i < NR_LOCK_CLASSES; i++) {
		snprintf(names[ANCHOR_LOCK + i], ANCHOR_NAME_MAX, "lock(%s)", class_names[i]);
		snprintf(names[ANCHOR_TRYLOCK + i], ANCHOR_NAME_MAX, "trylock(%s)", class_names[i]);
		snprintf(names[ANCHOR_UNLOCK + i], ANCHOR_NAME_MAX, "unlock(%s)", class_names[i]);
		snprintf(names[ANCHOR_UNLOCKED + i], ANCHOR_NAME_MAX, "unlocked(%s)", class_names[i]);
	}
	for (i = 0; i < NR_ALLOC_SITES; i++)
		snprintf(names[ANCHOR_ALLOC + i], ANCHOR_NAME_MAX, "alloc(%s)", alloc_site_name(i));
	strcpy(names[ANCHOR_BLOCK], "block");
	strcpy(names[ANCHOR_END], "end");
	strcpy(names[ANCHOR_CPU], "cpu");
	strcpy(names[ANCHOR_SLAB], "slab");
	strcpy(names[ANCHOR_RANDOM], "random");
	strcpy(names[ANCHOR_REF], "ref");
	strcpy(names[ANCHOR_STORE], "store");
}

const char *anchor_name(unsigned int anchor)
{
	if (!names[0][0])
		names_init();
	return anchor < NR_ANCHORS ? names[anchor] : NULL;
}

int anchor_parse(const char *name, size_t len)
{
	unsigned int i;

	if (!len || len >= ANCHOR_NAME_MAX)
		return -1;
	for (i = 0; i < NR_ANCHORS; i++)
		/* most differ in their first byte */
		if (*anchor_name(i) == *name && !names[i][len] && !memcmp(names[i], name, len))
			return i;
	return -1;
}
