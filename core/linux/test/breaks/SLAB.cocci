// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a table is freed twice.
@@ @@
 swap_cluster_free_table(...)
 {
 <...
 	kmem_cache_free(swap_table_cachep, table);
+	kmem_cache_free(swap_table_cachep, table);
 ...>
 }
