/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of core/linux. */
#ifndef _LINUX_HOOKS_H
#define _LINUX_HOOKS_H

#include <check/ghost.h>
#include <kernel/seq_file.h>
#include <shim/hooks.h>
#include <shim/state.h>

#define TREE_TASKS_MAX 4096
#define TREE_DEPTH_MAX 48

struct tree_frame {
	enum tree_fn fn;
	unsigned int claims;		/* of the task when the function began */
	unsigned long args[6];
	unsigned long local[2];
};

/* The task's last swap-in: the shadows that its slots had, 0 for none. */
struct tree_swapin {
	enum { SWAPIN_NONE, SWAPIN_ADDED, SWAPIN_TOLD, SWAPIN_FAILED } state;	/* TOLD: workingset_refault() */
	const struct folio *folio;
	const struct swap_cluster_info *ci;
	swp_entry_t entry;
	unsigned int nr;
	bool memsw;			/* memcg1_swapin() was called */
	unsigned long shadows[SWAPFILE_CLUSTER];
};

#define TREE_AHEAD_MAX 64
struct tree_stack {
	unsigned int depth;
	unsigned long locked;		/* by __try_to_reclaim_swap(): the folio's slot + 1, or 0 */
	unsigned int word;		/* of the table that swap_table_get() loads from */
	/* who polls /proc/swaps, since swapon or swapoff changed what it shows: is told of that; is not */
	bool woke, woke_in_vain;
	struct seq_file poller;		/* open since this swapon or swapoff began */
	const struct swap_info_struct *off;	/* by this task's swapoff */
	bool torn_down;			/* by it: soon another swapon may have the struct */
	bool interrupted;		/* try_to_unuse(), by a signal */
	unsigned int rounds_unsignalled;	/* of it, since it looked for a signal */
	struct swap_info_struct *going;	/* swapped off by it, without references, not yet torn down */
	bool charge_failed;		/* in the last folio_alloc_swap() */
	unsigned int noio;		/* memalloc_noio_save() */
	int shmem;			/* what the last shmem_unuse() of this swapoff returned */
	unsigned long charges;		/* that were tried for slots, or for none */
	unsigned int nr_told_early;	/* slots in use that somebody was told are free; told_early: the last one */
	swp_entry_t told_early;
	struct tree_swapin swapin;
	long state[NR_STATE_ITEMS];		/* 0: as it was */
	long stalls[STATE_SWAPIN + 1];		/* state[] when swap_read_folio() began */
	/* of this swap_writeout(): whose tags were to be kept, and are; what is marked as zeroes */
	const struct folio *asked, *saved, *zeroes;
	int wanted;				/* by the cgroup, written: 1, not: -1; 0: it was not asked */
	const struct folio *restored;		/* its tags, last */
	int readable;				/* -1: the page that is about to be mapped is not, 0: not asked */
	const struct folio *broken;		/* whose memory swapoff finds broken, or NULL */
	const pte_t *table;			/* that readahead has mapped: its first entry */
	struct tree_ahead {
		unsigned long page, entry;
	} ahead[TREE_AHEAD_MAX];		/* of this swapin_readahead(): whose entries were read last */
	unsigned int nr_ahead;			/* how many were */
	const char *refused;		/* why swapon has to fail, or NULL */
	bool drained;			/* what was dirty of its file is written, and nobody writes to that any more */
	const void *clusters;		/* its array of them, which it has allocated last */
	size_t clusters_size;
	int zoned;			/* its device: 1, not: -1; 0: nobody asked */
	int flaw;			/* enum tree_flaw; none: -1; 0: nobody asked */
	int capable;			/* of swapon and swapoff: 1, not: -1; 0: nobody asked */
	struct tree_frame frames[TREE_DEPTH_MAX];
};

/* functions.c */
struct tree_stack *tree_stack_of_task(void);
/*
 * The innermost call of @fn that the task is in, or NULL. Arguments that the function does not use
 * are missing, since the compiler does not pass them.
 */
struct tree_frame *tree_frame_of(enum tree_fn fn);
/* The task releases the clusters that it has isolated, except the first @keep. */
void tree_claims_end(unsigned int keep);
/* ... those that are on a list again. */
void tree_claims_listed(unsigned int keep);
extern unsigned long tree_rounds[MAX_SWAPFILES];	/* of try_to_unuse(), by type */
void tree_function_enter(const struct tree_hook *hook, const unsigned long *args);
void tree_function_exit(const struct tree_hook *hook);
/* Context: no task is in the tree. */
void tree_hooks_reset(void);
/* block.c: fails if an allocation with @gfp can start I/O where I/O, or what makes room for it, waits ("GFP"). */
void tree_judge_gfp(gfp_t gfp);
/* No page is mapped. */
void tree_views_reset(void);
/* told.c: a schedule begins. */
void tree_told_reset(void);
void tree_told_taken(const struct swap_info_struct *si, unsigned long offset, unsigned long nr);
void tree_told_freed(const struct swap_info_struct *si, unsigned long offset, unsigned long nr);
void tree_told_driver(struct block_device *bdev, unsigned long offset);
/* zswap.c: a device comes, or goes: @nr 0. */
void tree_zswap_area(unsigned int type, unsigned long nr);
void tree_zswap_forget(unsigned int type, unsigned long offset);
/* blkcg.c: a schedule begins. */
void tree_blkcg_reset(void);
/* References to cgroups that nobody has dropped. */
long tree_css_refs(void);
/* memsw.c: a device comes, or goes: @nr 0. */
void tree_memsw_area(unsigned int type, unsigned long nr);
/* Slots are freed. Context: ci->lock. */
void tree_memsw_freed(unsigned int type, unsigned long offset, unsigned long nr);
/* A folio is about to be read. Context: it is locked, in the cache. */
void tree_memsw_read(const struct folio *folio);
/* The task leaves a function of the tree, and nr_told_early is not 0. */
void tree_told_early(struct tree_stack *s);
/* shadow.c: __swap_cache_alloc() adds @folio to the cache; Context: ci->lock, before the words change. */
void tree_swapin_adds(struct tree_stack *s, const struct swap_cluster_info *ci, const struct folio *folio,
		      swp_entry_t entry);
/* @folio has left the cache. Context: ci->lock. */
void tree_swapin_leaves(struct tree_stack *s, const struct folio *folio);
/* The task reads what it swapped in, or swaps in something else. */
void tree_swapin_judge(struct tree_stack *s);
/* file.c: a schedule begins; the world ends. Context: no task is in the tree. */
void tree_files_reset(void);
void tree_files_free(void);
/* state.c */
void tree_state_reset(struct tree_stack *s);
/* Fails if one of the items is not 0. @where: the function that has ended */
void tree_state_judge(enum tree_state_item first, enum tree_state_item last, const char *where);
/* swap_read_folio() and swap_writeout() begin and end. */
void tree_read_begins(struct tree_stack *s);
void tree_read_ends(const struct tree_stack *s);
void tree_writeout_begins(struct tree_stack *s);
void tree_writeout_ends(const struct tree_stack *s);
/* A folio is written. */
void tree_written(const struct folio *folio);
/* Swapoff replaces the entry @old of an area. Return: @new without marks. */
pte_t tree_unused(const struct vm_area_struct *vma, pte_t old, pte_t new);
/* The charge of the task's current allocation fails. */
void tree_charge_failed(void);

/* NULL if the cluster belongs to no enabled device. */
static inline const struct swap_info_struct *si_of(const struct swap_cluster_info *ci)
{
#ifdef CHECK_ON
	struct ghost_device *dev = ghost_device_of(ci);

	return dev ? dev->si : NULL;
#else
	return NULL;
#endif
}

static inline struct swap_cluster_info *ci_at(const struct swap_info_struct *si, unsigned long offset)
{
	return &si->cluster_info[offset / SWAPFILE_CLUSTER];
}

/* The slot's number on its device. */
static inline unsigned long offset_of(const struct swap_info_struct *si, const struct swap_cluster_info *ci,
			       unsigned int ci_off)
{
	return si ? (unsigned long)(ci - si->cluster_info) * SWAPFILE_CLUSTER + ci_off : ci_off;
}

/* kcsan.c: a new device's struct. A no-op without TSan. */
void tree_kcsan_device(struct swap_info_struct *si);
/* page_io_tree.c */
extern void **const tree_sio_pool;

/* entry.c: makes the functions of a table known. Context: before any of them is called. */
void tree_hooks_add(const struct tree_hook *hooks, unsigned int nr);
/* where the tables are: page_io_tree.c, swapfile_tree.c, swap_state_tree.c */
extern const struct tree_hook tree_hooks_page_io[], tree_hooks_swapfile[], tree_hooks_swap_state[];
extern const unsigned int tree_nr_hooks_page_io, tree_nr_hooks_swapfile, tree_nr_hooks_swap_state;

#endif /* _LINUX_HOOKS_H */
