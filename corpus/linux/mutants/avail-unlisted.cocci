// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A full device is not listed as available again when one of its slots is freed.
@@
expression si, val;
@@
 swap_usage_sub(...)
 {
 ...
-	if (unlikely(val & SWAP_USAGE_OFFLIST_BIT))
+	if (unlikely(val == SWAP_USAGE_OFFLIST_BIT))
 		add_to_avail_list(si, false);
 }
