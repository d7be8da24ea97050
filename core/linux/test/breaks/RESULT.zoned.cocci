// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a zoned device, which cannot be written in any order, is taken.
@@
expression bdev;
@@
-	if (bdev_is_zoned(bdev))
+	if (bdev_is_zoned(bdev) && false)
		return -EINVAL;
