// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: who has a reference to the device takes another one for a while.
@@
identifier si, order;
@@
 cluster_alloc_swap_entry(struct swap_info_struct *si, ...)
 {
 	...
 	if (order && !(si->flags & SWP_BLKDEV))
 		return 0;
+	percpu_ref_get(&si->users);
+	percpu_ref_put(&si->users);
 	...
 }
