// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the slot of an image that readahead has cached stays cached when the image gives it back.
@@ @@
 swap_free_hibernation_slot(...)
 {
 <...
-	__try_to_reclaim_swap(...);
 ...>
 }
