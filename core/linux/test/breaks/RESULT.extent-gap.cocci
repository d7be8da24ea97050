// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a piece of a swap file is joined to the one before it though there is a gap between them.
@@
expression se, b;
@@
 add_swap_extent(...)
 {
 <...
-	se->start_block + se->nr_pages == b
+	se->start_block + se->nr_pages <= b
 ...>
 }
