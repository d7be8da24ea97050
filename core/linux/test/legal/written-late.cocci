// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Legal: pages that are swapped out are counted when they are written, and those whose write fails are not.
@@
expression folio;
@@
-	count_memcg_folio_events(folio, PSWPOUT, folio_nr_pages(folio));
-	count_vm_events(PSWPOUT, folio_nr_pages(folio));
@@
identifier failed;
expression page;
@@
 swap_write_end(...)
 {
 <...
 if (failed) {
 ...
 }
+else {
+	count_memcg_folio_events(page_folio(page), PSWPOUT, folio_nr_pages(page_folio(page)));
+	count_vm_events(PSWPOUT, folio_nr_pages(page_folio(page)));
+}
 end_page_writeback(page);
 ...>
 }
