// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/litmus/drop-discard-unlinked.prog
// Deliberately broken: clusters that wait for their discard are not discarded by the worker.
@@ @@
 swap_discard_work(...)
 {
 <...
-	swap_do_scheduled_discard(...);
+	;
 ...>
 }
