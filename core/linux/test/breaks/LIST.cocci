// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an isolated cluster is unlinked twice.
@@ @@
 isolate_lock_cluster(...)
 {
 <...
 	list_del(&ci->list);
+	list_del(&ci->list);
 ...>
 }
