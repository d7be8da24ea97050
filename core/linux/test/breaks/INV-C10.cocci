// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: of what the sleeping attempt allocated, the memcg ids are not published.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	ci->memcg_table = spare.memcg_table;
 ...>
 }
