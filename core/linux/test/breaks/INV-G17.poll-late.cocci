// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: who polls /proc/swaps is woken before there is an event to be told of.
@@
@@
+	wake_up_interruptible(&proc_poll_wait);
 atomic_inc(&proc_poll_event);
-	wake_up_interruptible(&proc_poll_wait);
