// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the driver is told of the slot behind the one that is freed.
@@
expression si, offset;
identifier swap_slot_free_notify;
@@
 swap_range_free(...)
 {
 <...
-	swap_slot_free_notify(si->bdev, offset);
+	swap_slot_free_notify(si->bdev, offset + 1);
 ...>
 }
