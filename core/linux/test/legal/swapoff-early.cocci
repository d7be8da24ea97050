// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: swapoff clears the hints before the last references are gone, too, and leaves all flags but
// SWP_USED to the next swapon, which clears them.
@@
expression p;
@@
+	flush_percpu_swap_cluster(p);
	percpu_ref_kill(&p->users);
@@
expression p;
@@
	spin_lock(&swap_lock);
-	p->flags = 0;
+	p->flags &= ~SWP_USED;
	spin_unlock(&swap_lock);
