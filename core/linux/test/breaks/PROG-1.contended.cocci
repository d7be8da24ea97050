// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: where a cluster is locked, those behind it on its list are not looked at.
@@ @@
 isolate_lock_cluster(...)
 {
 <...
 		if (!spin_trylock(&ci->lock))
-			continue;
+			break;
 ...>
 }
