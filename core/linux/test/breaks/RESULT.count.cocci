// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: for the image writer, the slots in use are free ones on top.
@@
expression n, sis;
@@
 count_swap_pages(...)
 {
 <...
-	n -= swap_usage_in_pages(sis);
+	n += swap_usage_in_pages(sis);
 ...>
 }
