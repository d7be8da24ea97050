// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: of a header of the other byte order any number of bad pages is read.
// Check: OOB CRASH
@@
expression h;
@@
 swab32s(&h->info.nr_badpages);
-	if (h->info.nr_badpages > MAX_SWAP_BADPAGES)
-		return 0;
