// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: INV-C8 BUG
// Deliberately broken: the worker discards a cluster and queues itself again, for which swapoff does not wait.
@@
expression si;
@@
 swap_do_scheduled_discard(...)
 {
 <...
 	discard_swap_cluster(...);
+	schedule_work(&si->discard_work);
 	...
 	__free_cluster(...);
 	...
 	ret = true;
 	spin_lock(&si->lock);
+	break;
 ...>
 }
