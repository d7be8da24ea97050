// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: each CPU has two sets of hints, of which the second is never used.
@@
@@
 struct percpu_swap_cluster {
-	struct swap_info_struct *si[SWAP_NR_ORDERS];
-	unsigned long offset[SWAP_NR_ORDERS];
+	struct swap_info_struct *si[2][SWAP_NR_ORDERS];
+	unsigned long offset[2][SWAP_NR_ORDERS];
 	...
 };

@@
expression order;
@@
-percpu_swap_cluster.si[order]
+percpu_swap_cluster.si[0][order]

@@
expression order;
@@
-percpu_swap_cluster.offset[order]
+percpu_swap_cluster.offset[0][order]

@@
expression cpu;
@@
-per_cpu_ptr(percpu_swap_cluster.si, cpu)
+per_cpu_ptr(percpu_swap_cluster.si[0], cpu)
