// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A large folio that is partly swapped out may be met at a later slot than its first: go on right behind it.
@@
expression offset, nr;
@@
 swap_reclaim_full_clusters(...)
 {
 <...
-	offset += abs(nr);
+	offset = round_up(offset + 1, abs(nr));
 ...>
 }
