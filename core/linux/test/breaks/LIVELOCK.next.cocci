// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/litmus/full-next-off.prog
// Deliberately broken: the walk for discards goes on with a device that was swapped off meanwhile.
@@
identifier next, start_over;
@@
 swap_sync_discard(...)
 {
 <...
-	if (plist_node_empty(&next->list))
+	if (0)
 		goto start_over;
 ...>
 }
