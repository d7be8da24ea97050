// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a page whose memory is found broken is mapped all the same.
@@
@@
-	hwpoisoned = true;
+	;
