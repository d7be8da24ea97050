// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device that had no cluster for a large folio once is taken to have none for ever.
@@
@@
 cluster_alloc_swap_entry(...)
 {
+	static unsigned long had_none;
 ...
 if (order && !(si->flags & SWP_BLKDEV))
	return 0;
+if (order && had_none & BIT(si->type))
+	return 0;
 ...
 if (order)
-	goto done;
+	{ had_none |= BIT(si->type); goto done; }
 ...
}
