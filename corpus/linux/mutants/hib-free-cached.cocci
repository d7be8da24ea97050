// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The slot of a hibernation image is freed though readahead has put a folio into it.
@@
expression si, ci, off, word;
@@
 swap_free_hibernation_slot(...)
 {
 <...
-	if (!swp_tb_is_folio(word))
 	__swap_cluster_free_entries(si, ci, off, 1);
 ...>
 }
