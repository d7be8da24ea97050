// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swap_alloc_fast() reads a hint, swapoff clears it and swapon uses the struct again, and the
// offset of the old device is used on the new one. The hint is read again with the reference held.
@@
identifier si, offset, order;
@@
 swap_alloc_fast(...)
 {
 ...
 	si = this_cpu_read(percpu_swap_cluster.si[order]);
 ...
 	if (!si || !offset || !get_swap_device_info(si))
 		return false;
+	if (this_cpu_read(percpu_swap_cluster.si[order]) != si) {
+		put_swap_device(si);
+		return false;
+	}
 ...
 }
