// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a page is looked up, and read ahead, without a reference to its device.
// Check: DEVICE-REF
@@
identifier si;
expression entry;
@@
 read_swap_cache_async(...)
 {
 ...
 	si = get_swap_device(entry);
 	if (!si)
 		return NULL;
+	put_swap_device(si);
 ...
-	put_swap_device(si);
 ...
 }
