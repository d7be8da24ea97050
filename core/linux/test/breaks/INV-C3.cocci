// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a free cluster keeps its order.
@@ @@
 __free_cluster(...)
 {
 <...
-	ci->order = 0;
 ...>
 }
