// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff keeps the global cluster.
@@
expression p;
@@
-	kfree(p->global_cluster);
