// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the discard of a cluster may start I/O for its own memory.
@@ @@
 discard_swap_cluster(...)
 {
 <...
-	GFP_NOIO
+	GFP_KERNEL
 ...>
 }
