// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Slots of several cgroups are freed together, and each cgroup is uncharged from the first slot on.
@@
@@
 __swap_cluster_free_entries(...)
 {
 <...
	batch_id = id_cur;
-	batch_off = ci_off;
 ...>
 }
