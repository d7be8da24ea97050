// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// alloc_swap_scan_list() with scan_all goes round for ever once swapoff has cleared SWP_WRITEOK: no
// cluster gives a slot, and each is put back on the list that is scanned.
@@
identifier found, si, ci, folio, offset;
@@
 alloc_swap_scan_list(...)
 {
 <...
 	found = alloc_swap_scan_cluster(si, ci, folio, offset);
-	if (found)
+	if (found || !(READ_ONCE(si->flags) & SWP_WRITEOK))
 		break;
 ...>
 }
