// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff restores a large folio's tags from the slot that it has come to.
@@
expression entry, folio;
@@
-	arch_swap_restore(folio_swap(entry, folio), folio);
+	arch_swap_restore(entry, folio);
