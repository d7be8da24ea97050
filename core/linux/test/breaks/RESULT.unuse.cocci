// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff has no memory for a slot that is free by now.
@@
identifier swp_tb;
@@
-	if (swp_tb_get_count(swp_tb) <= 0)
-		continue;
 	return -ENOMEM;
