// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: behind the last device the position in /proc/swaps stays.
// Check: WARN
@@
@@
 swap_next(...)
 {
 ...
-	++(*pos);
 	for (...; ...; ...) {
 	...
+	++(*pos);
 	return si;
 	}
 ...
 }
