// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// add_to_avail_list() compares the usage with the device's pages while it still has the bit that
// says that the device is not listed: never equal, and a full device is listed.
@@
identifier val, pages;
@@
 add_to_avail_list(...)
 {
 ...
-	if (val == pages)
+	if ((val & SWAP_USAGE_COUNTER_MASK) == pages)
 	{ ... }
 ...
 }
