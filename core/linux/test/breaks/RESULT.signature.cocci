// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a signature is not read to its end.
@@
expression magic;
@@
-	memcmp("SWAPSPACE2", magic, 10)
+	memcmp("SWAPSPACE2", magic, 9)
