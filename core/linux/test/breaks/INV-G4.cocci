// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: INV-W2
// Deliberately broken: clusters that wait for their discard are not discarded by the worker.
@@ @@
 swap_discard_work(...)
 {
 <...
-	swap_do_scheduled_discard(...);
+	;
 ...>
 }
