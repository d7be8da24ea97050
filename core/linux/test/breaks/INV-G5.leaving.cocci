// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a slot that is freed puts a device on the avail list though it is being swapped off.
@@ @@
 add_to_avail_list(...)
 {
 <...
-	if (!(READ_ONCE(si->flags) & SWP_WRITEOK))
-		goto skip;
 ...>
 }
