// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: while an image of memory is written, nobody looks whether a cached slot could be freed.
@@
@@
 folio_swapcache_freeable(...)
 {
+	if (pm_suspended_storage())
+		return false;
 ...
-	if (pm_suspended_storage())
-		return false;
 ...
 }
