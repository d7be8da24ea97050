// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: BUG
// Deliberately broken: clusters wait for their discard although swapoff has begun, which does not wait for that work.
@@ @@
 free_cluster(...)
 {
 <...
-	(si->flags & (SWP_WRITEOK | SWP_PAGE_DISCARD)) == (SWP_WRITEOK | SWP_PAGE_DISCARD)
+	si->flags & SWP_PAGE_DISCARD
 ...>
 }

@@
expression p;
@@
-	flush_work(&p->discard_work);
