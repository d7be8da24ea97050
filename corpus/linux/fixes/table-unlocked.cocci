// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swap_cluster_populate() lets the sleeping attempt publish the table without ci->lock, before the
// memcg table exists, and take it away again if that fails: the holder of an old hint allocates
// in between. The attempt fills a struct that nobody else sees; its tables are published under the
// lock.
@@
identifier si, ci;
expression gfp;
@@
 swap_cluster_populate(struct swap_info_struct *si, struct swap_cluster_info *ci)
 {
+	struct swap_cluster_info spare = {};
 	int ret;
 	...
-	ret = swap_cluster_alloc_table(ci, gfp);
+	ret = swap_cluster_alloc_table(&spare, gfp);
 	...
 	if (ret) { ... }
+	rcu_assign_pointer(ci->table, spare.table);
+#ifdef CONFIG_MEMCG
+	ci->memcg_table = spare.memcg_table;
+#endif
+#if !SWAP_TABLE_HAS_ZEROFLAG
+	ci->zero_bitmap = spare.zero_bitmap;
+#endif
 	return ci;
 }
