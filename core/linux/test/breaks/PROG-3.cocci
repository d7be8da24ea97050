// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the walk starts over for ever.
@@ @@
 swap_alloc_slow(...)
 {
 <...
-	if (plist_node_empty(&next->avail_list))
+	if (!plist_head_empty(&swap_avail_head))
 		goto start_over;
 ...>
 }
