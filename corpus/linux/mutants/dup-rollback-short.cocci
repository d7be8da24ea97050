// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A dup that fails in the middle does not take back the count of its first slot.
@@
expression ci_off, ci_start;
@@
 swap_dup_entries_cluster(...)
 {
 <...
-	while (ci_off-- > ci_start)
+	while (ci_off-- > ci_start + 1)
 		__swap_cluster_put_entry(...);
 ...>
 }
