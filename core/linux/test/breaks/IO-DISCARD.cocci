// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: at swapon, the first extent of a swap file is discarded, and no other one.
@@ @@
 discard_swap(...)
 {
 ...
+	return err;
 for (...; ...; ...)
 	{ ... }
 ...
 }
