/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a swap table (SPEC 3.1).
 *
 *	NULL	all zero				free slot
 *	shadow	[count][Z][shadow value .........][1]	in use, not cached
 *	PFN	[count][Z][pfn ..................][10]	in use, cached by the folio at pfn
 *	bad	all ones, low three bits 000		header, bad block, beyond EOF
 *
 * The count has geometry.count_bits bits at the top; its maximum means "see extend_table". Z: the
 * page is all zeroes, and was not written to the device. Count and Z together are the flags.
 */
#ifndef _SWAP_SWAP_TABLE_H
#define _SWAP_SWAP_TABLE_H

#include <kernel/rcupdate.h>
#include <kernel/tracepoint.h>
#include "swap.h"

struct swap_table {
	atomic_long_t entries[1];	/* SWAPFILE_CLUSTER of them */
};

/* The cgroup that is charged for each slot, beside the words; 0: none is charged. */
struct swap_memcg_table {
	unsigned short id[1];		/* SWAPFILE_CLUSTER of them */
};

#define SWP_TB_COUNT_BITS (geometry.count_bits)
#define SWP_TB_COUNT_SHIFT (BITS_PER_LONG - SWP_TB_COUNT_BITS)
#define SWP_TB_COUNT_MAX ((1U << SWP_TB_COUNT_BITS) - 1)
#define SWP_TB_COUNT_MASK (~0UL << SWP_TB_COUNT_SHIFT)
#define SWP_TB_FLAGS_BITS (SWP_TB_COUNT_BITS + 1)
#define SWP_TB_FLAGS_SHIFT (BITS_PER_LONG - SWP_TB_FLAGS_BITS)
#define SWP_TB_FLAGS_MASK (~0UL << SWP_TB_FLAGS_SHIFT)
#define SWP_TB_ZERO_FLAG BIT(SWP_TB_FLAGS_SHIFT)

#define SWAP_CACHE_PFN_MARK_BITS 2
#define SWP_TB_PFN_MARK 0x2UL
#define SWP_TB_PFN_MARK_MASK 0x3UL
#define SWP_TB_SHADOW_MARK 0x1UL
#define SWP_TB_BAD (~0UL & ~0x7UL)

static inline unsigned long null_to_swp_tb(void)
{
	return 0;
}

static inline bool swp_tb_is_null(unsigned long swp_tb)
{
	return !swp_tb;
}

static inline bool swp_tb_is_bad(unsigned long swp_tb)
{
	return swp_tb == SWP_TB_BAD;
}

static inline bool swp_tb_is_shadow(unsigned long swp_tb)
{
	return swp_tb & SWP_TB_SHADOW_MARK;
}

static inline bool swp_tb_is_folio(unsigned long swp_tb)
{
	return (swp_tb & SWP_TB_PFN_MARK_MASK) == SWP_TB_PFN_MARK;
}

static inline bool swp_tb_is_countable(unsigned long swp_tb)
{
	return swp_tb_is_null(swp_tb) || swp_tb_is_shadow(swp_tb) || swp_tb_is_folio(swp_tb);
}

/* The word must be countable (warns). Saturates at SWP_TB_COUNT_MAX. */
static inline unsigned int __swp_tb_get_count(unsigned long swp_tb)
{
	VM_WARN_ON_ONCE(!swp_tb_is_countable(swp_tb));
	return swp_tb >> SWP_TB_COUNT_SHIFT;
}

/* Return: the count, or -EINVAL for a word that has none (bad slots). */
static inline int swp_tb_get_count(unsigned long swp_tb)
{
	if (!swp_tb_is_countable(swp_tb))
		return -EINVAL;
	return swp_tb >> SWP_TB_COUNT_SHIFT;
}

static inline unsigned long __swp_tb_mk_count(unsigned long swp_tb, unsigned int count)
{
	VM_WARN_ON_ONCE(count > SWP_TB_COUNT_MAX);
	return (swp_tb & ~SWP_TB_COUNT_MASK) | ((unsigned long)count << SWP_TB_COUNT_SHIFT);
}

static inline unsigned char __swp_tb_get_flags(unsigned long swp_tb)
{
	VM_WARN_ON_ONCE(!swp_tb_is_countable(swp_tb));
	return swp_tb >> SWP_TB_FLAGS_SHIFT;
}

static inline struct folio *swp_tb_to_folio(unsigned long swp_tb)
{
	VM_WARN_ON_ONCE(!swp_tb_is_folio(swp_tb));
	return pfn_folio((swp_tb & ~SWP_TB_FLAGS_MASK) >> SWAP_CACHE_PFN_MARK_BITS);
}

static inline unsigned long pfn_to_swp_tb(unsigned long pfn, unsigned char flags)
{
	unsigned long swp_tb = pfn << SWAP_CACHE_PFN_MARK_BITS | SWP_TB_PFN_MARK;

	VM_WARN_ON_ONCE(swp_tb & SWP_TB_FLAGS_MASK);
	return swp_tb | (unsigned long)flags << SWP_TB_FLAGS_SHIFT;
}

/* The shadow, an xarray value with its lowest bit set; NULL for a placeholder. */
static inline void *swp_tb_to_shadow(unsigned long swp_tb)
{
	VM_WARN_ON_ONCE(!swp_tb_is_shadow(swp_tb));
	swp_tb &= ~SWP_TB_FLAGS_MASK;
	return swp_tb == SWP_TB_SHADOW_MARK ? NULL : (void *)swp_tb;
}

static inline unsigned long shadow_to_swp_tb(void *shadow, unsigned char flags)
{
	VM_WARN_ON_ONCE(shadow && !((unsigned long)shadow & SWP_TB_SHADOW_MARK));
	VM_WARN_ON_ONCE((unsigned long)shadow & SWP_TB_FLAGS_MASK);
	return (unsigned long)shadow | SWP_TB_SHADOW_MARK |
	       (unsigned long)flags << SWP_TB_FLAGS_SHIFT;
}

/* Bare accessors: ci->lock is held, which orders everything; relaxed. */
static inline void __swap_table_set(struct swap_cluster_info *ci, unsigned int off,
				    unsigned long swp_tb)
{
	atomic_long_t *table = rcu_dereference_protected(ci->table, true);

	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(off >= SWAPFILE_CLUSTER);
	atomic_long_set(&table[off], swp_tb);
}

static inline unsigned long __swap_table_xchg(struct swap_cluster_info *ci, unsigned int off,
					      unsigned long swp_tb)
{
	atomic_long_t *table = rcu_dereference_protected(ci->table, true);

	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(off >= SWAPFILE_CLUSTER);
	/* Order: none needed, ci->lock gives it */
	return atomic_long_xchg_relaxed(&table[off], swp_tb);
}

static inline unsigned long __swap_table_get(struct swap_cluster_info *ci, unsigned int off)
{
	atomic_long_t *table;

	VM_WARN_ON_ONCE(off >= SWAPFILE_CLUSTER);
	table = rcu_dereference_check(ci->table, lockdep_is_held(&ci->lock));
	return atomic_long_read(&table[off]);
}

static inline void __swap_cgroup_set(struct swap_cluster_info *ci, unsigned int ci_off,
				     unsigned long nr, unsigned short id)
{
	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(!ci->memcg_table);
	while (nr--)
		ci->memcg_table->id[ci_off++] = id;
}

static inline unsigned short __swap_cgroup_get(struct swap_cluster_info *ci, unsigned int ci_off)
{
	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(!ci->memcg_table);
	return ci->memcg_table->id[ci_off];
}

/* Return: the id, which is the same in all @nr slots. */
static inline unsigned short __swap_cgroup_clear(struct swap_cluster_info *ci, unsigned int ci_off,
						 unsigned long nr)
{
	unsigned short id = __swap_cgroup_get(ci, ci_off);

	for (; nr--; ci_off++) {
		VM_WARN_ON_ONCE(__swap_cgroup_get(ci, ci_off) != id);
		ci->memcg_table->id[ci_off] = 0;
	}
	return id;
}

/* The zero flag of a slot in use; ci->lock held. */
static inline void __swap_table_set_zero(struct swap_cluster_info *ci, unsigned int off)
{
	unsigned long swp_tb = __swap_table_get(ci, off);

	VM_WARN_ON_ONCE(!swp_tb_is_countable(swp_tb) || swp_tb_is_null(swp_tb));
	__swap_table_set(ci, off, swp_tb | SWP_TB_ZERO_FLAG);
}

static inline bool __swap_table_test_zero(struct swap_cluster_info *ci, unsigned int off)
{
	unsigned long swp_tb = __swap_table_get(ci, off);

	VM_WARN_ON_ONCE(!swp_tb_is_countable(swp_tb));
	return swp_tb & SWP_TB_ZERO_FLAG;
}

static inline void __swap_table_clear_zero(struct swap_cluster_info *ci, unsigned int off)
{
	unsigned long swp_tb = __swap_table_get(ci, off);

	VM_WARN_ON_ONCE(!swp_tb_is_countable(swp_tb) || swp_tb_is_null(swp_tb));
	__swap_table_set(ci, off, swp_tb & ~SWP_TB_ZERO_FLAG);
}

/**
 * swap_table_get - one word, without the cluster lock
 * @ci: a cluster of a device that the caller keeps alive
 * @off: slot in the cluster, 0..SWAPFILE_CLUSTER-1
 *
 * The table may be freed, or (slab back end) be another cluster's by the time of the read:
 * the result is a hint until something stabilises it. SPEC 11.
 * Context: any. Enters an RCU read section of its own.
 * Return: the word, NULL if the cluster has no table.
 * Order: the pointer load acquires, pairs with rcu_assign_pointer() of the publisher; the
 *	word itself is relaxed.
 */
static inline unsigned long swap_table_get(struct swap_cluster_info *ci, unsigned int off)
{
	atomic_long_t *table;
	unsigned long swp_tb;

	VM_WARN_ON_ONCE(off >= SWAPFILE_CLUSTER);
	rcu_read_lock();
	table = rcu_dereference(ci->table);
	if (table)
		trace_swap_table_loaded(ci, table, off);
	else
		trace_swap_table_reader_none(ci);
	swp_tb = table ? (unsigned long)atomic_long_read(&table[off]) : null_to_swp_tb();
	rcu_read_unlock();
	return swp_tb;
}

#endif /* _SWAP_SWAP_TABLE_H */
