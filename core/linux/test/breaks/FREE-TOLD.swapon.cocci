// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Check: FREE-TOLD LEAK
// Deliberately broken: a swapon that fails after zswap was told of it does not tell zswap so.
@@
expression si;
@@
 free_swap_zswap:
-	zswap_swapoff(si->type);
+	;
