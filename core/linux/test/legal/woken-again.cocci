// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: who polls /proc/swaps is woken before there is something to be told, and twice when there is.
@@
@@
+	wake_up_all(&proc_poll_wait);
 atomic_inc(&proc_poll_event);
-	wake_up_interruptible(&proc_poll_wait);
+	wake_up_all(&proc_poll_wait);
+	wake_up_interruptible(&proc_poll_wait);
