// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: behind a folio that it could not reclaim, the reclaim of a full cluster passes over a slot.
@@
expression offset, nr;
@@
 swap_reclaim_full_clusters(...)
 {
 <...
-	offset = round_up(offset + 1, abs(nr));
+	offset = round_up(offset + 1, abs(nr)) + (nr < 0);
 ...>
 }
