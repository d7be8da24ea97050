// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an image goes to any swap area of its block device.
@@
expression se, offset;
@@
-	se->start_block == offset
+	(void)offset, true
