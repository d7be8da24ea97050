// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff clears SWP_WRITEOK when it no longer holds swap_avail_lock: a task that frees a slot lists the device again.
@@
expression si;
@@
 del_from_avail_list(...)
 {
 ... when exists
-	si->flags &= ~SWP_WRITEOK;
 ... when exists
 }
@@
expression si;
@@
 del_from_avail_list(si, true);
+si->flags &= ~SWP_WRITEOK;
