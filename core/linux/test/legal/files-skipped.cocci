// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: a large folio's walk passes over swap files, which have none.
@@
iterator name plist_for_each_entry_safe;
identifier folio;
expression si, next, head;
@@
 swap_alloc_slow(struct folio *folio)
 {
 <...
 plist_for_each_entry_safe(si, next, head, avail_list) {
+	if (folio_test_large(folio) && !(READ_ONCE(si->flags) & SWP_BLKDEV))
+		continue;
	...
 }
 ...>
 }
