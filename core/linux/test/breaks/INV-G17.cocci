// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: /proc/swaps counts the header as a page of swap.
@@
expression si;
@@
 swap_show(...)
 {
 <...
-	K(si->pages)
+	K(si->max)
 ...>
 }
