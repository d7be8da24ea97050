// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a cluster of a swap file is discarded as if it ended where its first extent does not.
@@ @@
 discard_swap_cluster(...)
 {
 <...
-	if (nr_blocks > nr_pages)
 		nr_blocks = nr_pages;
 ...>
 }
