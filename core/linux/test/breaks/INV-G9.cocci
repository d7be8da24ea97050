// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an extend table that is not needed is lost.
@@
identifier table;
@@
 swap_extend_table_alloc(...)
 {
 <...
-	kfree(table);
 ...>
 }
