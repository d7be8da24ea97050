// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: RESULT
// Deliberately broken: a synchronous device is not known as one.
@@
expression si;
@@
-	si->flags |= SWP_SYNCHRONOUS_IO;
+	;
