// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: what is written of large folios is counted for those of the smallest order.
@@
expression order;
@@
-	count_mthp_stat(order, MTHP_STAT_SWPOUT);
+	count_mthp_stat(1, MTHP_STAT_SWPOUT);
