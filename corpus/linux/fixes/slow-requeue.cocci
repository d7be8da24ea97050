// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swap_alloc_slow() requeues a device before it tries it: of two devices of equal priority each is
// always behind the other, and if both fail the walk never ends. A device is requeued when it has
// served.
@@
@@
 swap_alloc_slow(...)
 {
 <...
-	plist_requeue(&si->avail_list, &swap_avail_head);
 ...>
 }

@@
identifier folio;
@@
 swap_alloc_slow(struct folio *folio)
 {
 <...
-	if (folio_test_swapcache(folio))
-		return;
+	if (folio_test_swapcache(folio)) {
+		spin_lock(&swap_avail_lock);
+		if (!plist_node_empty(&si->avail_list))
+			plist_requeue(&si->avail_list, &swap_avail_head);
+		spin_unlock(&swap_avail_lock);
+		return;
+	}
 ...>
 }
