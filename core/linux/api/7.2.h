/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux 7.2: I/O in plugs (struct swap_iocb **), page-cluster in mm/swap.c, which is not built.
 * Callers of ours have 7.3's spelling; below is what it stands for here.
 */
#ifndef API_CALLERS

/* include/linux/swap.h declares all of the LRU and of reclaim; nobody calls that */
typedef struct pglist_data pg_data_t;
typedef struct nodemask nodemask_t;
enum lru_list { LRU_INACTIVE_ANON };
struct lruvec;
struct zonelist;
#undef workingset_refault
#define memory_cgrp_subsys
#define cgroup_subsys_on_dfl(subsys) true
#define mem_cgroup_is_root(memcg) true

#else	/* after the tree's own headers, in what calls the tree */

#define swap_io_ctx swap_iocb *
#define swap_read_folio(ctx, folio) (swap_read_folio)(folio, ctx)
#define swap_read_submit(ctx) (swap_read_unplug(*(ctx)), *(ctx) = NULL)
#define swap_writeout(ctx, folio) (swap_writeout)(folio, ctx)
static inline void swap_write_submit(struct swap_iocb **ctx)
{
	if (*ctx)
		swap_write_unplug(*ctx);
	*ctx = NULL;
}
#define read_swap_cache_async(ctx, entry, gfp, vma, addr) (read_swap_cache_async)(entry, gfp, vma, addr, ctx)
/* memcg1_swapout() is the caller's matter */
#define __swap_cache_del_folio(ci, folio, entry, shadow, swapout) do {		\
	if (swapout)								\
		tree_memsw_out(folio, ci);					\
	(__swap_cache_del_folio)(ci, folio, entry, shadow);			\
} while (0)

#endif
