// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: CONTENT INV-G11
// Deliberately broken: a folio is uptodate although its read failed.
@@ @@
 swap_read_end(..., bool failed)
 {
 <...
-	if (!failed)
+	if (true)
	{ ... }
 ...>
 }
