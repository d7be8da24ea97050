// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: tags are restored before the page is copied for KSM; a copy takes its tags along.
@@
expression entry, folio, swapcache, vma, addr;
@@
 unuse_pte(...)
 {
 ...
 swapcache = folio;
+	arch_swap_restore(folio_swap(entry, folio), folio);
 folio = ksm_might_need_to_copy(folio, vma, addr);
 ...
-	arch_swap_restore(folio_swap(entry, folio), folio);
 ...
 }
