/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folios, page tables, counters: what the tree's files do not use, but a patch to them may. Of what the model does
 * not have (KSM, unevictable folios, more than one node) there is none.
 */
#ifndef _SHIM_MOREFOLIO_H
#define _SHIM_MOREFOLIO_H

#include <kernel/folio.h>
#include <shim/page.h>

#ifdef TREE_SOURCE
#define folio_set_workingset(folio) (set_bit(PG_workingset, &(folio)->flags), folio_used(folio))
#define folio_clear_workingset(folio) (clear_bit(PG_workingset, &(folio)->flags), folio_used(folio))
#define folio_clear_uptodate(folio) (clear_bit(PG_uptodate, &(folio)->flags), folio_used(folio))
#define folio_set_uptodate(folio) folio_mark_uptodate(folio)
#define folio_test_clear_lru(folio) (folio_used(folio), test_and_clear_bit(PG_lru, &(folio)->flags))
#define folio_test_ksm(folio) ((void)(folio), false)
#define folio_test_hugetlb(folio) ((void)(folio), false)
#define folio_test_unevictable(folio) ((void)(folio), false)
#define folio_test_mlocked(folio) ((void)(folio), false)
#define folio_test_active(folio) ((void)(folio), false)
#define folio_test_referenced(folio) ((void)(folio), false)
#define folio_test_reclaim(folio) ((void)(folio), false)
#define folio_set_reclaim(folio) ((void)(folio))
#define folio_test_hwpoison(folio) ((void)(folio), false)
#define folio_test_has_hwpoisoned(folio) ((void)(folio), false)
#define folio_test_error(folio) ((void)(folio), false)
#define folio_maybe_dma_pinned(folio) ((void)(folio), false)
#define folio_mapcount(folio) atomic_read(&(folio)->_mapcount)
#define folio_maybe_mapped_shared(folio) (folio_mapcount(folio) > 1)
#define folio_shift(folio) (PAGE_SHIFT + folio_order(folio))
#define folio_index(folio) ((folio)->index)
#define folio_mapping(folio) ((struct address_space *)NULL)
#define folio_nid(folio) ((void)(folio), 0)
#define folio_memcg_id(folio) ((folio)->memcg)
#define folio_wait_locked(folio) wait_on_bit(&(folio)->flags, PG_locked)
#define folio_mark_accessed(folio) ((void)(folio))
#define folio_deactivate(folio) ((void)(folio))
#define folio_rotate_reclaimable(folio) ((void)(folio))
#define nth_page(page, n) folio_page(page_folio(page), folio_page_idx(page_folio(page), page) + (n))
#define put_page(page) folio_put(page_folio(page))
#define get_page(page) folio_get(page_folio(page))
#define lock_page(page) folio_lock(page_folio(page))
#define unlock_page(page) folio_unlock(page_folio(page))
#define PageSwapCache(page) folio_test_swapcache(page_folio(page))
#define PageUptodate(page) folio_test_uptodate(page_folio(page))
#define folio_batch_count(b) ((b)->nr)
#define folio_batch_space(b) (FOLIO_BATCH_SIZE - (b)->nr)
#define folio_batch_reinit(b) folio_batch_init(b)
#define folios_put(b) folios_put_refs(b, NULL)
#define folio_batch_release(b) folios_put_refs(b, NULL)

#define nr_node_ids 1U
#define MAX_NUMNODES 1
#define NUMA_NO_NODE (-1)
#define numa_mem_id() 0
#define cpu_to_node(cpu) ((void)(cpu), 0)
#define for_each_node(node) for ((node) = 0; (node) < 1; (node)++)
#define for_each_online_node(node) for_each_node(node)
#define for_each_node_state(node, state) for_each_node(node)

#define pte_to_swp_entry(pte) softleaf_from_pte(pte)
#define is_swap_pte(pte) (!pte_none(pte) && !pte_present(pte))
#define non_swap_entry(entry) (swp_type(entry) >= MAX_SWAPFILES)

#define __count_vm_event(item) count_vm_events(item, 1)
#define __count_vm_events(item, nr) count_vm_events(item, nr)
#define __node_stat_mod_folio(folio, item, nr) node_stat_mod_folio(folio, item, nr)
#define __lruvec_stat_mod_folio(folio, item, nr) lruvec_stat_mod_folio(folio, item, nr)
#endif

#endif /* _SHIM_MOREFOLIO_H */
