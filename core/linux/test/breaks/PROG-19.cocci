// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: only the device of the lowest priority is tried.
// Check: PROG-19
@@
iterator name plist_for_each_entry_safe;
expression si, next, head;
@@
 swap_alloc_slow(...)
 {
 <...
 plist_for_each_entry_safe(si, next, head, avail_list) {
+	if (plist_last(head) != &si->avail_list)
+		continue;
	...
 }
 ...>
 }
