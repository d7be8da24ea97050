// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff maps a page that a fork has shared as the space's own.
@@
expression pte, flags;
@@
 unuse_pte(...)
 {
 <...
-	if (pte_swp_exclusive(pte))
-		flags |= RMAP_EXCLUSIVE;
+	flags |= RMAP_EXCLUSIVE;
 ...>
 }
