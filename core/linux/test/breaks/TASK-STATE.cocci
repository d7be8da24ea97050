// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: behind a read of zeroes the task is in a memory stall still.
// Check: TASK-STATE
@@
expression folio;
@@
 if (swap_read_folio_zeromap(folio)) {
	folio_unlock(folio);
-	goto finish;
+	delayacct_swapin_end();
+	return;
 }
