// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: who is throttled keeps swap_avail_lock.
@@
expression disk;
@@
 __folio_throttle_swaprate(...)
 {
 <...
	blkcg_schedule_throttle(disk, true);
-	break;
+	return;
 ...>
 }
