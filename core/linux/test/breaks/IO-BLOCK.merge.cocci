// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: what is not the next sector joins the I/O that is collected.
@@
expression folio, prev, size;
@@
 swap_bdev_can_merge(...)
 {
 ...
-	if (swap_folio_sector(folio) != swap_folio_sector(prev) + (size >> SECTOR_SHIFT))
-		return false;
 ...
 }
