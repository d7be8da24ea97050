// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: zswap is told of swapon only when slots of the device may be taken already.
@@
expression error, si, nr;
identifier out;
@@
-	error = zswap_swapon(si->type, nr);
-	if (error)
-		goto out;
@@
expression si;
@@
 free_swap_zswap:
-	zswap_swapoff(si->type);
+	;
@@
expression si, file;
@@
 si->swap_file = file;
 enable_swap_info(si);
+	cond_resched();
+	zswap_swapon(si->type, si->max);
