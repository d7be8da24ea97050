// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: anybody may swap a device on and off.
@@
@@
-	if (!capable(CAP_SYS_ADMIN))
-		return -EPERM;
