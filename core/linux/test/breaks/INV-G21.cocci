// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: while an image of memory is written, cached slots are freed as always.
@@
@@
 folio_swapcache_freeable(...)
 {
 ...
-	if (pm_suspended_storage())
-		return false;
 ...
 }
