// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: a read section that began before swapoff keeps the device as a reference does.
@@
identifier si;
expression entry;
@@
 swp_swapcount(...)
 {
 ...
+	rcu_read_lock();
 	si = get_swap_device(entry);
-	if (!si)
+	if (!si) {
+		rcu_read_unlock();
 		return 0;
+	}
+	put_swap_device(si);
 ...
-	put_swap_device(si);
+	rcu_read_unlock();
 ...
 }
