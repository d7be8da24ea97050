// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an extend table is written to when it is freed.
// Build: asan-8-slab
@@ @@
 swap_extend_table_try_free(...)
 {
 <...
 	kfree(ci->extend_table);
+	ci->extend_table[0] = 0;
 ...>
 }
