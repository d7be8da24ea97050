// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the memory that swapoff has asked for stays accounted to its task.
@@
expression pages;
@@
-	vm_unacct_memory(pages);
+	;
