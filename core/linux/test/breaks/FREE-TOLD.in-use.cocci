// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: zswap is told that a slot is free when an owner is gone, though it is still cached or has others.
@@
expression ci, ci_off;
@@
 swap_put_entries_cluster(struct swap_info_struct *si, ...)
 {
 <...
+	zswap_invalidate(swp_entry(si->type, cluster_offset(si, ci) + ci_off));
 	__swap_cluster_put_entry(ci, ci_off);
 ...>
 }
