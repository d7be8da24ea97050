// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the lock of a cluster has no class.
@@
expression i;
identifier cluster_info;
@@
-	spin_lock_init(&cluster_info[i].lock);
+	;
