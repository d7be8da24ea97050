// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: pages that are free again are added to their counter a few at a time.
// Without: INV-G1,INV-G17
@@
@@
+static atomic_long_t pages_to_add;
+
 static void swap_range_free(...)
 {
 	<...
-	atomic_long_add(nr_entries, &nr_swap_pages);
+	if (atomic_long_add_return(nr_entries, &pages_to_add) > 2)
+		atomic_long_add(atomic_long_xchg(&pages_to_add, 0), &nr_swap_pages);
 	...>
 }
