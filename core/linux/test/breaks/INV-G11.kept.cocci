// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a page whose tags could not be kept is not written, and clean.
// Check: INV-G11 CONTENT
@@
expression folio, ret;
identifier out_unlock;
@@
 ret = arch_prepare_to_swap(folio);
 if (ret) {
-	folio_mark_dirty(folio);
	goto out_unlock;
 }
