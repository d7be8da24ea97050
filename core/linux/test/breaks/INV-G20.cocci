// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff empties the mmlist whatever other devices have.
// Check: INV-G20
@@
expression type;
@@
 drain_mmlist(...)
 {
 ...
-	for (...; ...; ...)
-		if (swap_usage_in_pages(swap_info[type]))
-			return;
 ...
 }
@@
expression p;
@@
 	p->swap_file = NULL;
+	drain_mmlist();
 	maxpages = p->max;
