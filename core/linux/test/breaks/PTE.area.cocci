// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the window of readahead begins before the area that the fault is in.
@@
expression left, faddr, vma;
@@
-	*start = max3(left, vma->vm_start, faddr & PMD_MASK);
+	*start = max(left, faddr & PMD_MASK);
