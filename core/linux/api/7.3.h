/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux 7.3: I/O contexts (struct swap_io_ctx), page-cluster in swap_state.c. */
#ifndef API_CALLERS

#define pte_swp_uffd(pte) false
#define pte_swp_clear_uffd(pte) (pte)
#define pte_mkuffd(pte) (pte)
#define userfaultfd_rwp(vma) false

#endif
