// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: who polls /proc/swaps is not woken.
@@
@@
-	wake_up_interruptible(&proc_poll_wait);
