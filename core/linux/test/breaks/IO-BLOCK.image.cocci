// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a page of a hibernation image is written to the first block of the extent.
@@
expression se, offset;
@@
 swapdev_block(...)
 {
 ...
-	return se->start_block + (offset - se->start_page);
+	return se->start_block;
 }
