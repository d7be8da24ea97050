// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is told that slots are free: zswap, which keeps pages in front of a device, an architecture that
 * keeps tags of pages, and the driver of a block device, as zram's. What zswap keeps is in zswap.c. What
 * is checked is that they are told of each slot before it is taken again, and of none that stays in use.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <stdlib.h>
#include <swap/swap.h>
#include "hooks.h"

/* Of a slot: who was told that it is free, since it was taken last. */
enum {
	TOLD_ZSWAP = 1,
	TOLD_ARCH = 2,
	TOLD_DRIVER = 4,
	TAKEN = 8,		/* at all, since swapon */
	ON_BLKDEV = 16,		/* has a driver that is to be told */
	EARLY = 32,		/* somebody was told, and swap_range_free() is yet to come */
	FREED = 64,		/* swap_range_free() was called; the word may be NULL only later in the section */
};

static const char *const names[] = {
	[TOLD_ZSWAP] = "zswap", [TOLD_ARCH] = "the architecture", [TOLD_DRIVER] = "the driver",
};

static struct told {
	unsigned char *slots;
	unsigned long room, nr;		/* of slots; nr 0: zswap knows of no device of the type */
	void *tree;			/* what zswap has of memory: a leak unless it is told of swapoff */
} told[MAX_SWAPFILES];

void tree_told_reset(void)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		told[type].nr = 0;
		told[type].tree = NULL;
		tree_zswap_area(type, 0);
		tree_memsw_area(type, 0);
		if (told[type].room)
			__builtin_memset(told[type].slots, 0, told[type].room);
	}
}

static bool in_use(const struct swap_cluster_info *ci, unsigned long offset)
{
	atomic_long_t *table = RAW(ci->table);

	return table && RAW(table[offset % SWAPFILE_CLUSTER].counter);
}

/* Fails if one of @who has to be told of a slot that was in use, and was not. */
static void must_know(unsigned int type, unsigned long offset, unsigned int who, const char *when)
{
	unsigned int slot = told[type].slots[offset], one;

	if (!(slot & TAKEN))
		return;
	if (!(slot & ON_BLKDEV))
		who &= ~TOLD_DRIVER;
	for (one = TOLD_ZSWAP; one <= TOLD_DRIVER; one <<= 1)
		if (who & ~slot & one)
			harness_fail("FREE-TOLD", CODE_SITE, "%s was not told that slot %u/%lu was freed, which %s",
				     names[one], type, offset, when);
}

static void tell(unsigned int type, unsigned long offset, unsigned int who)
{
	struct tree_stack *s = tree_stack_of_task();
	const struct swap_info_struct *si = type < MAX_SWAPFILES ? RAW(swap_info[type]) : NULL;
	const struct swap_cluster_info *ci;
	unsigned char *slot;

	if (!si || !RAW(si->cluster_info) || offset >= told[type].nr)
		harness_fail("FREE-TOLD", CODE_SITE, "%s is told that slot %u/%lu is free, and no device has that",
			     names[who], type, offset);
	slot = &told[type].slots[offset];
	*slot |= who;
	ci = ci_at(si, offset);
	if (*slot & FREED || !in_use(ci, offset))
		return;
	/* it may be before the slot is freed, in the same section */
	if (!__lock_is_held(&ci->lock))
		harness_fail("FREE-TOLD", CODE_SITE, "%s is told that slot %u/%lu is free, which is in use",
			     names[who], type, offset);
	if (*slot & EARLY)
		return;
	*slot |= EARLY;
	s->nr_told_early++;
	s->told_early = swp_entry(type, offset);
}

/* Slots of which somebody was told under the cluster's lock are freed there. */
void tree_told_freed(const struct swap_info_struct *si, unsigned long offset, unsigned long nr)
{
	struct tree_stack *s = tree_stack_of_task();
	unsigned char *slot;

	for (; nr-- && offset < told[si->type].nr; offset++) {
		slot = &told[si->type].slots[offset];
		if (*slot & EARLY)
			s->nr_told_early--;
		*slot = (*slot & ~EARLY) | FREED;
	}
}

void tree_told_early(struct tree_stack *s)
{
	unsigned int type = swp_type(s->told_early);
	unsigned long offset = swp_offset(s->told_early);

	if (!__lock_is_held(&ci_at(RAW(swap_info[type]), offset)->lock))
		harness_fail("FREE-TOLD", CODE_SITE,
			     "zswap, the architecture or the driver was told that slots were free, "
			     "%u/%lu for one, and %u of them stayed in use", type, offset, s->nr_told_early);
}

void tree_told_taken(const struct swap_info_struct *si, unsigned long offset, unsigned long nr)
{
	unsigned int type = si->type;

	if (!told[type].nr)
		harness_fail("FREE-TOLD", CODE_SITE, "slot %u/%lu is taken, and zswap was not told of swapon", type,
			     offset);
	for (; nr--; offset++) {
		/* another check says that it is out of bounds */
		if (offset >= told[type].nr)
			return;
		must_know(type, offset, TOLD_ZSWAP | TOLD_ARCH | TOLD_DRIVER, "is taken again");
		told[type].slots[offset] = TAKEN | (si->flags & SWP_BLKDEV ? ON_BLKDEV : 0);
	}
}

void tree_told_zswap(swp_entry_t entry)
{
	tell(swp_type(entry), swp_offset(entry), TOLD_ZSWAP);
	tree_zswap_forget(swp_type(entry), swp_offset(entry));
}

void tree_told_arch(unsigned int type, unsigned long offset)
{
	tell(type, offset, TOLD_ARCH);
}

void tree_told_driver(struct block_device *bdev, unsigned long offset)
{
	const struct swap_info_struct *si;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		si = RAW(swap_info[type]);
		if (si && si->bdev == bdev && si->flags & SWP_BLKDEV && si->cluster_info) {
			tell(type, offset, TOLD_DRIVER);
			return;
		}
	}
	harness_fail("FREE-TOLD", CODE_SITE, "the driver of a device without swap is told that slot %lu is free",
		     offset);
}

/* All slots of an area that is gone. */
void tree_told_arch_area(unsigned int type)
{
	const struct swap_info_struct *si = RAW(swap_info[type]);
	unsigned long offset;

	tree_stack_of_task()->torn_down = true;
	for (offset = 0; offset < told[type].nr; offset++) {
		if (RAW(si->cluster_info) && told[type].slots[offset] & TAKEN && in_use(ci_at(si, offset), offset))
			harness_fail("FREE-TOLD", CODE_SITE, "the architecture is told that all slots of type %u are "
				     "free, and slot %lu is in use", type, offset);
		told[type].slots[offset] |= TOLD_ARCH;
	}
}

int tree_zswap_swapon(unsigned int type, unsigned long nr)
{
	struct told *t = &told[type];
	unsigned long offset;

	if (t->nr)
		harness_fail("FREE-TOLD", CODE_SITE, "zswap is told of swapon of type %u again, without a swapoff",
			     type);
	for (offset = 0; offset < t->room; offset++)
		must_know(type, offset, TOLD_ARCH, "another device has now");
	if (nr > t->room) {
		free(t->slots);
		t->slots = calloc(nr, 1);
		if (!t->slots)
			harness_fail("SETUP", CODE_SITE, "no memory for who is told of %lu slots", nr);
		t->room = nr;
	}
	__builtin_memset(t->slots, 0, t->room);
	t->nr = nr;
	tree_zswap_area(type, nr);
	tree_memsw_area(type, nr);
	machine_mute();
	t->tree = __kmalloc_tagged(1, GFP_KERNEL | __GFP_NOFAIL, ALLOC_OTHER, ALLOC_TYPE_MISC);
	machine_unmute();
	return 0;
}

void tree_zswap_swapoff(unsigned int type)
{
	struct told *t = &told[type];
	unsigned long offset;

	if (!t->nr)
		harness_fail("FREE-TOLD", CODE_SITE, "zswap is told of swapoff of type %u, without a swapon", type);
	for (offset = 0; offset < t->nr; offset++)
		must_know(type, offset, TOLD_ZSWAP | TOLD_DRIVER, "its device has no more");
	t->nr = 0;
	tree_zswap_area(type, 0);
	tree_memsw_area(type, 0);
	machine_mute();
	kfree(t->tree);
	machine_unmute();
	t->tree = NULL;
}
