// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff looks for entries in areas of huge pages, too.
@@
expression vma;
@@
-	vma->anon_vma && !is_vm_hugetlb_page(vma)
+	vma->anon_vma
