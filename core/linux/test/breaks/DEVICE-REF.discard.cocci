// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an allocation drops its reference before it discards.
@@
expression si, done, wanted;
@@
 swap_sync_discard(...)
 {
 <...
 	if (get_swap_device_info(si)) {
+		put_swap_device(si);
 		if (wanted)
 			done = swap_do_scheduled_discard(si);
-		put_swap_device(si);
 	}
 ...>
 }
