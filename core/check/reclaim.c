// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever sets out to free slots does so: what a task leaves that was alone, and what reclaim leaves in
 * slots that are still needed. Unlike what a task decides to reclaim (policy.c), that is checked of a
 * tree, too.
 *
 * Built without instrumentation.
 */
#include <string.h>
#include <kernel/sched.h>
#include <machine/machine.h>
#include <swap/swap.h>
#include "ghost.h"

#ifdef CHECK_ON

bool reclaimable(struct ghost_device *dev, unsigned long offset)
{
	unsigned long word = slot_word(dev, offset, NULL), first, i;
	const struct folio *folio;
	unsigned int extra;

	/* who writes an image has to leave them all */
	if (!swp_tb_is_folio(word) || pm_suspended_storage())
		return false;
	folio = swp_tb_to_folio(word);
	if (RAW(folio->flags) & (BIT(PG_locked) | BIT(PG_writeback)) || !(RAW(folio->flags) & BIT(PG_swapcache)))
		return false;
	first = swp_offset((swp_entry_t){ RAW(folio->swap.val) });
	for (i = first; i < first + (1UL << RAW(folio->_order)); i++) {
		word = slot_word(dev, i, &extra);
		if (slot_count(word, extra))
			return false;
	}
	return true;
}

static unsigned long folio_end(struct ghost_device *dev, unsigned long offset)
{
	unsigned long word = slot_word(dev, offset, NULL);
	const struct folio *folio;

	if (!swp_tb_is_folio(word))
		return offset + 1;
	folio = swp_tb_to_folio(word);
	return swp_offset((swp_entry_t){ RAW(folio->swap.val) }) + (1UL << RAW(folio->_order));
}

/* PROG-18. Neither the last look, with ci->lock held, nor this one finds anybody who needs the slot. */
static void check_passed(struct ghost_task *t, struct ghost_device *dev, unsigned long to)
{
	unsigned long offset = max(t->walk.end, folio_end(dev, t->walk.slot));

	for (; offset < to; offset++)
		if (ghost_bit(t->walk.map, offset % SWAPFILE_CLUSTER) && reclaimable(dev, offset))
			CHECK_FAIL("PROG-18", "the reclaim of a full cluster looks at " OBJ_SLOT " and then at "
				   OBJ_SLOT ", and passes over " OBJ_SLOT ", which is cached, and which nobody needs",
				   dev->si->type, t->walk.slot, dev->si->type, to, dev->si->type, offset);
}

static void full_looks(struct ghost_task *t, const struct trace_record *rec)
{
	bool walks = t->walk.ci == rec->ci && t->walk.op_nr == t->owner->op_nr;
	struct ghost_device *dev = walks ? ghost_device_of(rec->ci) : NULL;
	unsigned long start, offset, word, i;
	unsigned int extra;

	if (!dev || !__lock_is_held(&rec->ci->lock))
		return;
	start = (unsigned long)ghost_index(dev, rec->ci) * SWAPFILE_CLUSTER;
	offset = start + rec->swap_table_loaded.word;
	if (t->walk.tries && offset > t->walk.slot)
		check_passed(t, dev, offset);
	t->walk.tries = false;
	word = slot_word(dev, offset, &extra);
	/* else it keeps the lock, and looks at the next one */
	if (!swp_tb_is_folio(word) || slot_count(word, extra))
		return;
	t->walk.slot = offset;
	t->walk.end = folio_end(dev, offset);
	memset(t->walk.map, 0, sizeof(t->walk.map));
	for (i = offset - start; i < min((unsigned long)SWAPFILE_CLUSTER, dev->max - start); i++)
		if (reclaimable(dev, start + i))
			t->walk.map[i / BITS_PER_LONG] |= BIT(i % BITS_PER_LONG);
}

static void not_passed(struct ghost_task *t, unsigned long offset)
{
	unsigned long index = offset % SWAPFILE_CLUSTER;

	t->walk.map[index / BITS_PER_LONG] &= ~BIT(index % BITS_PER_LONG);
}

/* It may have looked at the slot in another way. */
static void full_tries(struct ghost_task *t, const struct trace_record *rec)
{
	if (t->walk.ci != rec->ci)
		return;
	t->walk.tries = true;
	not_passed(t, rec->swap_reclaim_full.slot);
}

/* The folio that it meets need not be the one that was there at its look. */
static void full_meets(struct ghost_task *t, const struct folio *folio)
{
	unsigned long offset = swp_offset((swp_entry_t){ RAW(folio->swap.val) }), i;

	for (i = 0; i < 1UL << RAW(folio->_order); i++)
		not_passed(t, offset + i);
}

/* PROG-18. What a full cluster has when it is let go is what the next scan finds. */
static void full_done(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	unsigned long start, offset;

	if (f->isolated != rec->ci || f->isolated_list != CLUSTER_FLAG_FULL || !dev || !f->allocates || !alone(t))
		return;
	start = (unsigned long)ghost_index(dev, rec->ci) * SWAPFILE_CLUSTER;
	for (offset = start; offset < min(start + SWAPFILE_CLUSTER, (unsigned long)dev->max); offset++)
		if (reclaimable(dev, offset))
			CHECK_FAIL("PROG-18", "a full cluster was reclaimed, but " OBJ_SLOT " is still cached, and "
				   "nobody needs it", rec->si->type, offset);
}

/* PROG-17. Alone, nobody could take the locks of the folios in the way. */
static void zap_begins(struct ghost_task *t)
{
	check_alone_begin(&t->frees);
}

/* Nobody needs the slot any more: its folio should be gone, too. */
static void check_reclaimed(struct ghost_device *dev, unsigned long offset, const char *whose)
{
	const struct folio *folio;

	if (!reclaimable(dev, offset))
		return;
	folio = swp_tb_to_folio(slot_word(dev, offset, NULL));
	if (!RAW(folio->_mapcount.counter))
		CHECK_FAIL("PROG-17", "the last %s of " OBJ_SLOT " is gone, but it is still cached", whose,
			   dev->si->type, offset);
}

static void zapped(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device_at(swp_type(rec->mm_zap_cleared.entry));
	unsigned long offset = swp_offset(rec->mm_zap_cleared.entry), i;

	if (!dev || !check_was_alone(&t->frees))
		return;
	for (i = 0; i < rec->mm_zap_cleared.nr; i++)
		check_reclaimed(dev, offset + i, "PTE");
}

/* The slot that an image gave back last: readahead may have cached it. */
static void image_slot_freed(struct ghost_task *t)
{
	struct ghost_device *dev = t->image_slot.val ? ghost_device_at(swp_type(t->image_slot)) : NULL;

	if (dev && check_was_alone(&t->frees))
		check_reclaimed(dev, swp_offset(t->image_slot), "user");
	t->image_slot.val = 0;
}

static void image_slot_frees(struct ghost_task *t, const struct trace_record *rec)
{
	image_slot_freed(t);
	t->image_slot = rec->swap_hib_free.entry;
	check_alone_begin(&t->frees);
}

/* INV-C11. Under ci->lock; what nobody needs any more has been freed. */
static void check_shadows(const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device_at(swp_type(rec->mm_swap_out_shadow.entry));
	unsigned long offset = swp_offset(rec->mm_swap_out_shadow.entry), left = rec->mm_swap_out_shadow.shadow;
	unsigned long word, shadow, i;

	for (i = 0; dev && i < rec->mm_swap_out_shadow.nr; i++) {
		word = slot_word(dev, offset + i, NULL);
		shadow = swp_tb_is_shadow(word) ? (unsigned long)swp_tb_to_shadow(word) : left;
		if (shadow != left)
			CHECK_FAIL("INV-C11", OBJ_SLOT " has the shadow %lx, reclaim left %lx", dev->si->type,
				   offset + i, shadow, left);
	}
}

/* Before policy_event(), which forgets the cluster that was isolated. */
void reclaim_event(struct ghost_task *t, const struct trace_record *rec)
{
	switch (rec->id) {
	case TRACE_swap_cluster_isolated:
		t->walk.ci = rec->swap_cluster_isolated.old == CLUSTER_FLAG_FULL ? rec->ci : NULL;
		t->walk.op_nr = t->owner->op_nr;
		t->walk.tries = false;
		break;
	case TRACE_swap_alloc_scan:
		t->walk.ci = NULL;
		break;
	case TRACE_swap_table_loaded:
		full_looks(t, rec);
		break;
	case TRACE_swap_reclaim_full:
		full_tries(t, rec);
		break;
	case TRACE_swap_reclaim_lookup:
		full_meets(t, rec->swap_reclaim_lookup.folio);
		break;
	case TRACE_swap_cluster_unclaimed:
		full_done(t, rec);
		break;
	case TRACE_mm_swap_out_shadow:
		check_shadows(rec);
		break;
	case TRACE_mm_zap_put:
		zap_begins(t);
		break;
	case TRACE_mm_zap_cleared:
		zapped(t, rec);
		break;
	case TRACE_swap_hib_free:
		image_slot_frees(t, rec);
		break;
	case TRACE_swap_image_freed:
		image_slot_freed(t);
		break;
	default:
		break;
	}
}

#endif /* CHECK_ON */
