// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: devices of one priority do not take turns.
// Check: PROG-19
@@
@@
 swap_alloc_slow(...)
 {
 <...
-	plist_requeue(...);
+	;
 ...>
 }
