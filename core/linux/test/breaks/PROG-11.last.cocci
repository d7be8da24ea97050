// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/litmus/full-discard-first.prog
// Deliberately broken: whether a cluster was discarded is asked of the last device alone.
@@
identifier ret;
@@
 swap_sync_discard(...)
 {
 <...
-	if (ret)
-		return true;
 ...>
-	return false;
+	return ret;
 }
