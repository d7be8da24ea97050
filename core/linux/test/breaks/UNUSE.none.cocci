// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: of a page that swapoff brings back, userfaultfd is not told that it is read.
@@
expression new;
@@
-	new = pte_modify(new, PAGE_NONE);
+	;
