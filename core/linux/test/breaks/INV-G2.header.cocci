// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the last page of a swap file is left out.
// Check: INV-G2 RESULT
@@
expression a, b;
@@
 generic_swapfile_activate(...)
 {
 <...
-	(a) <= b
+	(a) < b
 ...>
 }
