// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: stores that nothing orders come the other way round.
@@
@@
 move_cluster(...)
 {
 <...
-	spin_unlock(&si->lock);
-	ci->flags = new_flags;
+	ci->flags = new_flags;
+	spin_unlock(&si->lock);
 ...>
 }
@@
@@
 swap_range_alloc(...)
 {
+	atomic_long_sub(nr_entries, &nr_swap_pages);
	if (swap_usage_add(si, nr_entries)) { ... }
-	atomic_long_sub(nr_entries, &nr_swap_pages);
 }
@@
expression o, n, dev;
@@
-	this_cpu_write(percpu_swap_cluster.offset[o], n);
	this_cpu_write(percpu_swap_cluster.si[o], dev);
+	this_cpu_write(percpu_swap_cluster.offset[o], n);
