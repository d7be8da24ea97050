// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: smaps is told that a slot that several PTEs have is of one.
@@
expression count;
@@
 swp_swapcount(...)
 {
 <...
-	return count < 0 ? 0 : count;
+	return count > 0;
 ...>
 }
