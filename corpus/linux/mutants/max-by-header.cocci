// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapon makes clusters for all pages that the header names, though the last ones of the swap file have no blocks.
@@
expression si;
identifier maxpages, error, swap_header;
@@
-	maxpages = si->max;
 ... when any
 	error = setup_swap_clusters_info(si, swap_header, maxpages);
