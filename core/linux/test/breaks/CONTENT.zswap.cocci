// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: zswap is not asked for a page that is read.
// Check: CONTENT INV-G11
@@
identifier finish;
expression folio;
@@
-	if (zswap_load(folio) != -ENOENT)
-		goto finish;
