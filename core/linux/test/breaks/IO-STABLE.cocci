// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapon does not note that the device wants pages to keep still.
@@
expression si;
@@
-	si->flags |= SWP_STABLE_WRITES;
+	;
