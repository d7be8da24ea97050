// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The scan reclaims cached slots without ci->lock, and does not look again whether they are free.
@@
expression offset, start, end;
@@
 cluster_reclaim_range(...)
 {
 ...
-	for (offset = start; offset < end; offset++) { ... }
 	return true;
 }
