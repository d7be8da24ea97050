// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds whenever a cluster's lock is taken or released (SPEC 5.3). Run by the
 * lock's holder: everything read here is stable.
 *
 * The state of the cluster is checked at every acquisition and release; its words in full at
 * every release on the controlled machine and of small clusters, on larger ones the slots
 * written in this section, and all of them each 64th time. Why each holds: checks.def.
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

#define SMALL_CLUSTER 16
#define FULL_CHECK_EVERY 64
#define EMPTY_RUN 8			/* slots; divides a cluster, and a long of bits */

static unsigned int nr_bad(const struct ghost_device *dev, const struct swap_cluster_info *ci)
{
	unsigned long start = (unsigned long)ghost_index(dev, ci) * SWAPFILE_CLUSTER;
	unsigned int i, nr = 0;

	for (i = 0; i < SWAPFILE_CLUSTER; i++)
		nr += ghost_bit(dev->bad, start + i);
	return nr;
}

#define FAIL_CI(id, fmt, ...) \
	CHECK_FAIL(id, fmt ": " CI_FMT, ##__VA_ARGS__, CI_ARGS(dev, ci, gc))

static void check_listed(struct ghost_device *dev, const struct swap_cluster_info *ci,
			 struct ghost_cluster *gc)
{
	if (gc->list != ci->flags)
		FAIL_CI("INV-C2", "flags and list disagree");
}

static void check_partly_used(struct ghost_device *dev, const struct swap_cluster_info *ci,
			      struct ghost_cluster *gc)
{
	check_listed(dev, ci, gc);
	if (gc->list_order != ci->order)
		FAIL_CI("INV-L2", "it was listed with order %u", gc->list_order);
	if (!ci->count || !RAW(ci->table))
		FAIL_CI("INV-C2", "listed as partly used");
	/* bad slots only: stays where swapon put it until an allocator looks at it */
	if (ci->count >= SWAPFILE_CLUSTER && nr_bad(dev, ci) != SWAPFILE_CLUSTER)
		FAIL_CI("INV-C7", "no slot is free");
}

static void check_unlisted(struct ghost_device *dev, const struct swap_cluster_info *ci,
			   struct ghost_cluster *gc)
{
	/* claims and list change together under the raw spin: read them so */
	unsigned int claims, allocating, list;

	ghost_lock(gc);
	claims = gc->claims;
	allocating = gc->allocating;
	list = gc->list;
	ghost_unlock(gc);
	if (ci->flags == CLUSTER_FLAG_NONE && list != CLUSTER_FLAG_NONE)
		FAIL_CI("INV-C2", "flags say on no list");
	if (ci->flags == CLUSTER_FLAG_DISCARD && list != CLUSTER_FLAG_NONE &&
	    list != CLUSTER_FLAG_DISCARD)
		FAIL_CI("INV-C2", "flags and list disagree");
	if (list == CLUSTER_FLAG_NONE && !claims)
		FAIL_CI("INV-C8", "on no list and claimed by no task");
	if (ci->flags == CLUSTER_FLAG_NONE && !RAW(ci->table) && !allocating)
		FAIL_CI("INV-C8", "no table, and no task is allocating it");
}

/* O(1): the flags and what they promise. */
static void __check_state(struct ghost_device *dev, const struct swap_cluster_info *ci,
			  struct ghost_cluster *gc)
{
	if (!RAW(ci->table) && ci->count && ci->flags != CLUSTER_FLAG_FREE)
		FAIL_CI("INV-C1", "slots in use without a table");
	switch (ci->flags) {
	case CLUSTER_FLAG_NONE:
		check_unlisted(dev, ci, gc);
		break;
	case CLUSTER_FLAG_FREE:
		if (ci->count)
			FAIL_CI("INV-C7", "free with slots in use");
		if (RAW(ci->table) || ci->order || ci->extend_table)
			FAIL_CI("INV-C3", "free with a table, an order or an extend table");
		check_listed(dev, ci, gc);
		break;
	case CLUSTER_FLAG_NONFULL:
	case CLUSTER_FLAG_FRAG:
		check_partly_used(dev, ci, gc);
		break;
	case CLUSTER_FLAG_FULL:
		check_listed(dev, ci, gc);
		if (ci->count != SWAPFILE_CLUSTER || !RAW(ci->table))
			FAIL_CI("INV-C2", "listed as full");
		break;
	case CLUSTER_FLAG_DISCARD:
		if (ci->count || !RAW(ci->table) || ci->extend_table)
			FAIL_CI("INV-C2", "waits for its discard");
		check_unlisted(dev, ci, gc);
		break;
	default:
		FAIL_CI("INV-C2", "flags %u", ci->flags);
	}
}

void check_cluster_state(struct ghost_device *dev, const struct swap_cluster_info *ci)
{
	__check_state(dev, ci, ghost_cluster(dev, ci));
}

struct words {
	struct ghost_device *dev;
	const struct swap_cluster_info *ci;
	const atomic_long_t *table;
	unsigned long start;		/* offset of the cluster's first slot */
};

static unsigned long word_at(const struct words *w, unsigned int i)
{
	return RAW(w->table[i].counter);
}

static bool word_has_pfn(unsigned long word, unsigned long pfn)
{
	return swp_tb_is_folio(word) &&
	       (word & ~SWP_TB_FLAGS_MASK) >> SWAP_CACHE_PFN_MARK_BITS == pfn;
}

#define FAIL_SLOT(id, fmt, ...)								\
	CHECK_FAIL(id, OBJ_SLOT ", word %016lx: " fmt, w->dev->si->type,	\
		   w->start + i, word, ##__VA_ARGS__)

/* INV-C5; INV-C10 of a folio that has been charged */
static void check_cached(const struct words *w, unsigned int i, unsigned long word)
{
	unsigned long pfn = (word & ~SWP_TB_FLAGS_MASK) >> SWAP_CACHE_PFN_MARK_BITS;
	unsigned long offset = w->start + i, first;
	const struct folio *folio;
	unsigned int nr, k;
	swp_entry_t entry;

	if (pfn >= max_pfn) {
		FAIL_SLOT("INV-C5", OBJ_FOLIO " is beyond the memmap", pfn);
		return;
	}
	folio = memmap + pfn;
	nr = 1U << RAW(folio->_order);
	entry.val = RAW(folio->swap.val);
	first = swp_offset(entry);
	if (!(RAW(folio->flags) & BIT(PG_swapcache)))
		FAIL_SLOT("INV-C5", OBJ_FOLIO " is not flagged swapcache", pfn);
	if (swp_type(entry) != (unsigned int)w->dev->si->type || offset < first || offset >= first + nr) {
		FAIL_SLOT("INV-C5", OBJ_FOLIO " is cached at %u/%lu + %u", pfn, swp_type(entry), first,
			  nr);
		return;
	}
	if (first % nr || nr > SWAPFILE_CLUSTER) {
		FAIL_SLOT("INV-C5", OBJ_FOLIO " at %lu is not aligned to its %u pages", pfn, first, nr);
		return;
	}
	if (memcg_id_of(w->ci, i) && RAW(folio->memcg) && memcg_id_of(w->ci, i) != RAW(folio->memcg))
		FAIL_SLOT("INV-C10", "charged to cgroup %u, and " OBJ_FOLIO " in it to cgroup %u",
			  memcg_id_of(w->ci, i), pfn, RAW(folio->memcg));
	/* the first slot looks after all, the others after the first */
	for (k = 0; k < (offset == first ? nr : 1); k++)
		if (!word_has_pfn(word_at(w, first - w->start + k), pfn))
			FAIL_SLOT("INV-C5", "slot %lu of " OBJ_FOLIO " does not name it", first + k, pfn);
}

/* INV-C4, INV-C6 and INV-C10. Return: the count in the word; 0 for NULL and BAD. */
static unsigned int check_word(const struct words *w, unsigned int i)
{
	unsigned long word = word_at(w, i);
	const __typeof__(*w->ci->extend_table) *extend = w->ci->extend_table;
	bool bad = ghost_bit(w->dev->bad, w->start + i);
	unsigned int count = 0;

	if (swp_tb_is_bad(word) != bad)
		FAIL_SLOT("INV-C6", "the slot was %sbad at swapon", bad ? "" : "not ");
	if (!bad && !swp_tb_is_null(word)) {
		if (!swp_tb_is_countable(word)) {
			FAIL_SLOT("INV-C4", "no legal entry");
			return 0;
		}
		count = word >> SWP_TB_COUNT_SHIFT;
		if (swp_tb_is_folio(word))
			check_cached(w, i, word);
		else if (!count)
			FAIL_SLOT("INV-C4", "a shadow with a count of 0");
	}
	if ((bad || swp_tb_is_null(word)) && memcg_id_of(w->ci, i))
		FAIL_SLOT("INV-C10", "not in use, and charged to cgroup %u", memcg_id_of(w->ci, i));
	if (count == SWP_TB_COUNT_MAX && (!extend || extend[i] < SWP_TB_COUNT_MAX))
		FAIL_SLOT("INV-C4", "saturated, but the extend table has %u", extend ? extend[i] : 0);
	if (count != SWP_TB_COUNT_MAX && extend && extend[i])
		FAIL_SLOT("INV-C4", "not saturated, but the extend table has %u", extend[i]);
	return count;
}

/*
 * Are the EMPTY_RUN slots from @i on good, unused and charged to no cgroup? Then check_word() finds
 * nothing in any of them. Most slots of a large cluster are so.
 */
static bool run_is_empty(const struct words *w, unsigned int i)
{
	const struct swap_memcg_table *memcg = RAW(w->ci->memcg_table);
	unsigned long words = 0, bad = w->start + i;
	unsigned int ids = 0, k;

	if (w->ci->extend_table)
		return false;
	for (k = 0; k < EMPTY_RUN; k++)
		words |= word_at(w, i + k);
	if (words || (RAW(w->dev->bad[bad / BITS_PER_LONG]) >> bad % BITS_PER_LONG & (BIT(EMPTY_RUN) - 1)))
		return false;
	for (k = 0; memcg && k < EMPTY_RUN; k++)
		ids |= RAW(memcg->id[i + k]);
	return !ids;
}

static void words_init(struct words *w, struct ghost_device *dev,
		       const struct swap_cluster_info *ci)
{
	w->dev = dev;
	w->ci = ci;
	w->table = RAW(ci->table);
	w->start = (unsigned long)ghost_index(dev, ci) * SWAPFILE_CLUSTER;
}

/* All words of a cluster, and what their sum says. */
void check_cluster_words(struct ghost_device *dev, const struct swap_cluster_info *ci)
{
	struct ghost_cluster *gc = ghost_cluster(dev, ci);
	unsigned int i, used = 0;
	bool extended = false;
	struct words w;

	words_init(&w, dev, ci);
	if (!w.table != !RAW(ci->memcg_table))
		FAIL_CI("INV-C10", w.table ? "a table without memcg ids" : "memcg ids without a table");
	if (!w.table) {
		if (nr_bad(dev, ci))
			FAIL_CI("INV-C6", "the table with its bad slots is gone");
		if (ci->extend_table)
			FAIL_CI("INV-C4", "an extend table without a table");
		return;
	}
	for (i = 0; i < SWAPFILE_CLUSTER; i++) {
		if (i % EMPTY_RUN == 0 && run_is_empty(&w, i)) {
			i += EMPTY_RUN - 1;
			continue;
		}
		if (check_word(&w, i) >= SWP_TB_COUNT_MAX - 1)
			extended = true;
		used += !swp_tb_is_null(word_at(&w, i));
	}
	if (used != ci->count)
		BALANCE_FAIL(BALANCE_CLUSTER, dev->si->type, ghost_index(dev, ci), "INV-C1",
			     "%u words are not NULL: " CI_FMT, used, CI_ARGS(dev, ci, gc));
	/* an attach in progress needs it at count MAX-1: the word is not saturated yet */
	if (ci->extend_table && !extended)
		FAIL_CI("INV-C4", "an extend table that no slot needs");
	if (ci->flags == CLUSTER_FLAG_DISCARD && used)
		FAIL_CI("INV-C3", "discarded with slots in use");
}

/*
 * LOCK-DEVICE: between the end of the sleep and its return, swap_cluster_populate() locks
 * the cluster it isolated, or (seed-v1) one that a hint of this CPU names on this device.
 */
static void check_relock(const struct ghost_frame *f, const struct swap_cluster_info *ci)
{
	const struct swap_info_struct *si = f->alloc_si;
	struct swap_hint hint;
	unsigned int i;

	if (ci == f->alloc_ci)
		return;
	for (i = 0; i < swap_nr_hints(); i++) {
		hint = swap_hint_peek(current->cpu, i);
		if (hint.si == si && hint.offset &&
		    si->cluster_info + hint.offset / SWAPFILE_CLUSTER == ci)
			return;
	}
	CHECK_FAIL("LOCK-DEVICE", "a task that works on " OBJ_CLUSTER " locks " OBJ_CLUSTER ", which no hint of CPU %u "
		   "for that device names", si->type, (unsigned int)(f->alloc_ci - si->cluster_info),
		   si->type, (unsigned int)(ci - si->cluster_info), current->cpu);
}

/* A count that needed the extend table has gone down, or its dup has failed: unlike before a dup, nothing needs it. */
static void check_extend_table(struct ghost_task *t, struct ghost_device *dev, const struct swap_cluster_info *ci,
			       struct ghost_cluster *gc)
{
	unsigned int i;

	t->extend_unneeded = false;
	if (!ci->extend_table)
		return;
	for (i = 0; i < SWAPFILE_CLUSTER; i++)
		if (ci->extend_table[i])
			return;
	FAIL_CI("INV-C4", "a put, or a dup that failed, has left an extend table that no slot needs");
}

void check_cluster_lock(const void *lock, bool acquired)
{
	const struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	struct ghost_device *dev = ghost_device_of(ci);
	struct ghost_task *t = ghost_task();
	struct ghost_cluster *gc;
	struct words w;
	unsigned int i;

	if (acquired && unlikely(ghost_frame(t)->slept))
		check_relock(ghost_frame(t), ci);
	/* not published yet, or being torn down: SPEC 14.4, 15.7 */
	if (!dev)
		return;
	if (((const char *)ci - (const char *)dev->begin) % sizeof(*ci))
		CHECK_FAIL("LOCK-DEVICE", OBJ_DEVICE ": no cluster begins at %p", dev->si->type, lock);
	gc = ghost_cluster(dev, ci);
	progress_cluster(gc, acquired);
	__check_state(dev, ci, gc);
	if (acquired) {
		if (unlikely(t->asks.entry.val))
			told_swapcount_locked(t, dev, ci);
		return;
	}

	if (check_exact || SWAPFILE_CLUSTER <= SMALL_CLUSTER ||
	    gc->releases++ % FULL_CHECK_EVERY == 0) {
		check_cluster_words(dev, ci);
	} else if (RAW(ci->table)) {
		words_init(&w, dev, ci);
		for (i = gc->touched_from; i < gc->touched_end; i++)
			check_word(&w, i);
	}
	gc->touched_from = gc->touched_end = 0;
	if (unlikely(t->extend_unneeded))
		check_extend_table(t, dev, ci, gc);
}

#endif /* CHECK_ON */
