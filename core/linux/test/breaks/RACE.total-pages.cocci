// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: INV-G17
// Deliberately broken: swapoff takes a device's pages from the total when swap_lock has been let go.
// Build: tsan-8-slab
@@
expression p;
@@
-	total_swap_pages -= p->pages;
	spin_unlock(&p->lock);
	spin_unlock(&swap_lock);
+	total_swap_pages -= p->pages;
