// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device that asks for no priority gets that of the device before it.
// Check: RESULT
@@
identifier prio;
expression si;
@@
-	prio = DEF_SWAP_PRIO;
+	prio = si->prio ? si->prio : DEF_SWAP_PRIO;
 	if (...) { ... }
 ...
 	si->prio = prio;
