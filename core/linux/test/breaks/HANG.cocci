// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a loop does not end.
@@ @@
 swap_range_free(...)
 {
 <...
-	offset++;
 ...>
 }
