// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/linux/flaws/frag-scan.prog
// Deliberately broken: a scan of all clusters does not end when it has found a slot, or swapoff has begun.
@@ @@
 alloc_swap_scan_list(...)
 {
 <...
-	if (found || ...)
+	if (found)
 		break;
 ...>
 }
