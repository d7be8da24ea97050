// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: whoever puts the last count of a cached slot leaves it to others to reclaim it.
@@
expression needed, reclaim;
@@
 swap_put_entries_cluster(...)
 {
 <...
-	!needed || !reclaim
+	needed || !reclaim
 ...>
 }
