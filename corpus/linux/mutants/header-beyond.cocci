// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A header whose last page lies beyond the device is taken.
@@
identifier f;
@@
 read_swap_header(...)
 {
 <...
-	f && maxpages > f
+	0
 ...>
 }
