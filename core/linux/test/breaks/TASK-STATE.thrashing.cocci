// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: whether a read ends as a stall is asked of the folio, which is unlocked by then.
@@
identifier workingset;
@@
 swap_read_folio(...)
 {
 <...
-	if (workingset) {
+	if (folio_test_workingset(folio)) {
 		delayacct_thrashing_end(...);
 		...
 	}
 ...>
 }
