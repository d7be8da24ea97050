// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: tasks change bits of one word, each its own, without a lock and not atomically.
@@
identifier folio;
@@
+static unsigned long at_it;
+
 int folio_alloc_swap(struct folio *folio)
 {
 	...
 	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
+	__set_bit(folio_pfn(folio) % BITS_PER_LONG, &at_it);
+	VM_WARN_ON_ONCE(!test_bit(folio_pfn(folio) % BITS_PER_LONG, &at_it));
+	__clear_bit(folio_pfn(folio) % BITS_PER_LONG, &at_it);
 	...
 }
