// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a cluster that moves stays where it is, too.
@@ @@
 move_cluster(...)
 {
 <...
-	list_move_tail(&ci->list, list);
+	list_add_tail(&ci->list, list);
 ...>
 }
