// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A table is freed without a grace period: a lockless lookup still reads it.
@@
expression head;
identifier fn;
@@
 swap_cluster_free_table(...)
 {
 ...
-	call_rcu(head, fn);
+	fn(head);
 }
