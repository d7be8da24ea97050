// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The flag DISCARD goes before the discard is done: a hint may use the cluster meanwhile.
@@
expression ci, si;
@@
 swap_do_scheduled_discard(...)
 {
 <...
 	list_del(&ci->list);
+	ci->flags = CLUSTER_FLAG_NONE;
 ...>
 }
