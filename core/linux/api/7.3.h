/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux 7.3: I/O contexts (struct swap_io_ctx), page-cluster in swap_state.c. */
#ifdef API_CALLERS

/* the tree tells memcg: see memsw.c */
#define __swap_cache_del_folio(ci, folio, entry, shadow, swapout) do {		\
	struct folio *__deleted = (folio);					\
	swp_entry_t __left = (entry);						\
	bool __out = (swapout);							\
	(__swap_cache_del_folio)(ci, __deleted, __left, shadow, __out);		\
	if (__out)								\
		tree_memsw_left(ci, __left, 1U << __deleted->_order);		\
} while (0)

#endif
