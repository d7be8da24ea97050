// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// swapin_sync() reads a large folio from neighbouring slots by one I/O, wherever a swap file has
// them. As in the allocation of slots, large folios are for block devices.
@@
identifier folio, entry, gfp, orders, vmf, mpol, ilx;
@@
 swapin_sync(...)
 {
 <...
+	if (!(__swap_entry_to_info(entry)->flags & SWP_BLKDEV))
+		orders = BIT(0);
 	folio = swap_cache_alloc_folio(entry, gfp, orders, vmf, mpol, ilx);
 ...>
 }
