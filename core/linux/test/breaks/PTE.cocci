// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the window of readahead ends with the area, and not with the page table.
@@
expression right, faddr, vma;
@@
-	*end = min3(right, vma->vm_end, (faddr & PMD_MASK) + PMD_SIZE);
+	*end = min(right, vma->vm_end);
