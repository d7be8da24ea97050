// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: whoever polls /proc/swaps is told of devices that come or go by a wake-up only.
@@ @@
-	atomic_inc(&proc_poll_event);
 	wake_up_interruptible(&proc_poll_wait);
