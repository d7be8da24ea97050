// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: waiting calls itself.
@@ @@
 wait_for_allocation(...)
 {
 <...
+	wait_for_allocation(si);
 	BUG_ON(si->flags & SWP_WRITEOK);
 ...>
 }
