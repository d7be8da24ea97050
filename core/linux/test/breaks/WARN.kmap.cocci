// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a page that is not zero stays mapped.
// Check: WARN
@@
identifier data;
@@
 is_folio_zero_filled(...)
 {
 <...
-	kunmap_local(data);
 	return false;
 ...>
 }
