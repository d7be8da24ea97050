// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Legal: the window of readahead is made to fit its area once it is known.
@@
expression left, right, faddr, vma;
@@
-	*start = max3(left, vma->vm_start, faddr & PMD_MASK);
-	*end = min3(right, vma->vm_end, (faddr & PMD_MASK) + PMD_SIZE);
+	*start = max(left, faddr & PMD_MASK);
+	*end = min(right, (faddr & PMD_MASK) + PMD_SIZE);
+	if (*start < vma->vm_start)
+		*start = vma->vm_start;
+	if (*end > vma->vm_end)
+		*end = vma->vm_end;
