// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a folio that was read is looked at when it is unlocked, and nothing keeps it.
@@
expression folio;
@@
 swap_read_end(...)
 {
 <...
	folio_unlock(folio);
+	count_mthp_stat(folio_order(folio), MTHP_STAT_SWPIN);
 ...>
 }
