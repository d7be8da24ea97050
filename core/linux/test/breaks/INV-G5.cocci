// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: PROG-1
// Deliberately broken: a device that is full stays on the avail list.
@@ @@
 swap_usage_add(...)
 {
 <...
-	del_from_avail_list(si, false);
 ...>
 }
