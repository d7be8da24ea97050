// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: swapon says a span that ends with its highest block.
// Check: RESULT
@@
identifier span;
expression a, b;
@@
 generic_swapfile_activate(...)
 {
 <...
-	*span = 1 + a - b;
+	*span = a - b;
 ...>
 }
