// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: find_first_swap() tells of a device that is being swapped on or off.
@@
expression sis;
@@
 find_first_swap(...)
 {
 <...
-	!(sis->flags & SWP_WRITEOK)
+	!(sis->flags & SWP_USED)
 ...>
 }
