// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: INV-G11 CONTENT
// Deliberately broken: a page whose write failed is clean all the same.
@@
identifier page;
@@
 swap_write_end(...)
 {
 <...
-	set_page_dirty(page);
 ...>
 }
