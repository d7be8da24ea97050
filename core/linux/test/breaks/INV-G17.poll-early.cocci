// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: who polls /proc/swaps is woken before a swapoff has taken the device out of it.
// Check: INV-G17
@@
expression p;
@@
+	wake_up_interruptible(&proc_poll_wait);
 percpu_ref_kill(&p->users);
@@
identifier err;
@@
 err = 0;
 atomic_inc(&proc_poll_event);
-	wake_up_interruptible(&proc_poll_wait);
