// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a cluster that moves keeps its flags.
@@ @@
 move_cluster(...)
 {
 <...
-	ci->flags = new_flags;
 ...>
 }
