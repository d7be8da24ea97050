// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: WARN INV-G10
// Deliberately broken: a cluster whose discard fails stays on no list.
@@ @@
+static bool discard_failed;
+
 discard_swap_cluster(...)
 {
+	WRITE_ONCE(discard_failed, false);
 <...
 		if (blkdev_issue_discard(...))
+		{
+			WRITE_ONCE(discard_failed, true);
 			break;
+		}
 ...>
 }
@@ @@
 swap_do_scheduled_discard(...)
 {
 <...
 	discard_swap_cluster(...);
+	if (READ_ONCE(discard_failed)) {
+		spin_lock(&si->lock);
+		continue;
+	}
 ...>
 }
