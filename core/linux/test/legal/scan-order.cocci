// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: allocation takes the cluster that was listed last, and always a new one before one in use.
@@
iterator name list_for_each_entry, list_for_each_entry_reverse;
expression ci, head;
statement S;
@@
 isolate_lock_cluster(...)
 {
 <...
-	list_for_each_entry(ci, head, list)
+	list_for_each_entry_reverse(ci, head, list)
	S
 ...>
 }
@@
@@
-	if (si->flags & SWP_PAGE_DISCARD) {
+	{
		found = alloc_swap_scan_list(...);
		if (found)
			goto done;
	}
