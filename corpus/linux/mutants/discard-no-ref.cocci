// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// An allocation that discards clusters itself does so without a reference to their device.
@@
expression dev;
@@
 swap_sync_discard(...)
 {
 <...
-	if (get_swap_device_info(dev)) {
+	{
		...
-		put_swap_device(dev);
	}
 ...>
 }
