// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the completion of a read, which an interrupt runs, gives up the CPU between two folios.
@@ @@
 swap_read_end(...)
 {
 <...
 	folio_unlock(...);
+	cond_resched();
 ...>
 }
