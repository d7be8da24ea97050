// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A new table is published without a barrier, since its cluster is on no list: a lockless lookup finds
// the table before its zeroes.
@@
identifier ci, table;
@@
 swap_cluster_alloc_table(...)
 {
 <...
-	rcu_assign_pointer(ci->table, table);
+	RCU_INIT_POINTER(ci->table, table);
 ...>
 }
