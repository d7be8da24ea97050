// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a full device is taken off the wrong list.
@@
expression si;
@@
 del_from_avail_list(...)
 {
 <...
-	plist_del(&si->avail_list, &swap_avail_head);
+	plist_del(&si->avail_list, &swap_active_head);
 ...>
 }
