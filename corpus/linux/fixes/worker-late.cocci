// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff kills the device's references before it flushes its work items: a reclaim worker that
// still runs uses a device without references. Work is flushed before, too.
@@
expression p;
@@
+	flush_work(&p->discard_work);
+	flush_work(&p->reclaim_work);
 	percpu_ref_kill(&p->users);
