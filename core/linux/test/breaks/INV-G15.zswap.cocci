// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: what zswap has not taken counts as taken.
@@
expression order;
@@
+	count_mthp_stat(order, MTHP_STAT_ZSWPOUT);
	if (zswap_store(folio)) {
-	count_mthp_stat(order, MTHP_STAT_ZSWPOUT);
	...
	}
