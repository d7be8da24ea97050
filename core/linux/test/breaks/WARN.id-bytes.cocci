// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_table.h
// Object: core/linux/swapfile_tree.c
// Deliberately broken: of a cgroup's id only one byte is cleared.
@@
expression id;
@@
 __swap_cgroup_clear(...)
 {
 <...
-	id = 0;
+	memset(&id, 0, 1);
 ...>
 }
