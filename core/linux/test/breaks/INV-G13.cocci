// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff makes a PTE that is present, and exclusive as an entry is.
@@ @@
 unuse_pte(...)
 {
 <...
 	new_pte = pte_mkold(mk_pte(page, vma->vm_page_prot));
+	new_pte = pte_swp_mkexclusive(new_pte);
 ...>
 }
