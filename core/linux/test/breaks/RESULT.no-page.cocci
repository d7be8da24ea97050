// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: RESULT FREE-TOLD
// Deliberately broken: a swap file without a page is taken.
@@
expression nr;
@@
-	if (nr == 0)
-		nr = 1;
