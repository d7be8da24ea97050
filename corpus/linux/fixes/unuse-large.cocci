// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// unuse_pte() maps one page of a large folio that a fault has read, but not mapped yet, as if all of
// it were mapped: the folio counts as many mappings as it has pages, and never goes away. Such a
// folio is taken out of the cache, as do_swap_page() does if it cannot map all of it.
@@
identifier folio, entry;
expression vma, pmd, addr, ret;
@@
 unuse_pte_range(...)
 {
 <...
 	folio_wait_writeback(folio);
+	if (folio_test_large(folio) && !folio_test_anon(folio) &&
+	    folio_matches_swap_entry(folio, entry)) {
+		swap_cache_del_folio(folio);
+		folio_unlock(folio);
+		folio_put(folio);
+		continue;
+	}
 	ret = unuse_pte(vma, pmd, addr, entry, folio);
 ...>
 }
