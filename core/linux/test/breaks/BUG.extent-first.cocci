// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a piece of a swap file that continues the first one is joined to it, though others lie between.
@@
identifier sis;
expression se, page, block;
@@
 add_swap_extent(struct swap_info_struct *sis, ...)
 {
 <...
	BUG_ON(se->start_page + se->nr_pages != page);
+	if (first_se(sis)->start_block + first_se(sis)->nr_pages == block)
+		se = first_se(sis);
	if (se->start_block + se->nr_pages == block) { ... }
 ...>
 }
