// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an extend table has half of its entries.
// Build: asan-8-slab
// Also: INV-C4
@@ @@
 swap_extend_table_alloc(...)
 {
 <...
-	SWAPFILE_CLUSTER
+	(SWAPFILE_CLUSTER / 2)
 ...>
 }
