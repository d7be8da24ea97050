// SPDX-License-Identifier: GPL-2.0-only
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
