// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device that wants pages to keep still is not known as one.
@@
expression si;
@@
-	si->flags |= SWP_STABLE_WRITES;
+	;
