// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device that becomes full does not get its reclaim worker.
@@ @@
 swap_range_alloc(...)
 {
 <...
-	schedule_work(...);
+	;
 ...>
 }
