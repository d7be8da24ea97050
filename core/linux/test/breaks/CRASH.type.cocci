// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a type that no device can have is looked for behind the array of devices.
// Check: CRASH INIT RESULT
@@
identifier type;
@@
 swap_type_to_info(int type)
 {
-	if (type < 0 || type >= MAX_SWAPFILES)
-		return NULL;
 ...
 }
