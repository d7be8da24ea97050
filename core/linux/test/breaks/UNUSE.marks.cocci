// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a page that swapoff brings back counts as one that was not written to.
@@
expression new;
@@
-	new = pte_mksoft_dirty(new);
+	;
