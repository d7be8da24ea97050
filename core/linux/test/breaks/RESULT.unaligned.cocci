// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: RESULT IO-BLOCK
// Deliberately broken: the blocks of a swap file that are no whole page are taken for one.
@@
expression block, next;
@@
 generic_swapfile_activate(...)
 {
 <...
-	if (block != next) { ... }
 ...>
 }
