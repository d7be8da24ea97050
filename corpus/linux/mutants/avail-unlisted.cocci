// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A full device of which a slot is freed is not listed as available again.
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
