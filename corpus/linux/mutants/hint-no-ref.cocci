// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A hint is used without a reference to its device.
@@
expression si, offset;
@@
 swap_alloc_fast(...)
 {
 <...
-	if (!si || !offset || !get_swap_device_info(si))
+	if (!si || !offset)
 		return false;
 ...>
 }

@@
expression si;
@@
 swap_alloc_fast(...)
 {
 <...
-	put_swap_device(si);
 ...>
 }
