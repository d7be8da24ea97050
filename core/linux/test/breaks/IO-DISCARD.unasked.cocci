// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device whose area alone was to be discarded has its clusters discarded, too.
// Also: PROG-1
@@
expression flags;
@@
 free_cluster(...)
 {
 <...
-	(flags & (SWP_WRITEOK | SWP_PAGE_DISCARD)) == (SWP_WRITEOK | SWP_PAGE_DISCARD)
+	(flags & (SWP_WRITEOK | SWP_DISCARDABLE)) == (SWP_WRITEOK | SWP_DISCARDABLE)
 ...>
 }
