// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The swap file of a file system without a block device has no bdev: it is not what hibernation looks for, named or not.
@@
expression device, sis;
@@
 __find_hibernation_swap_type(...)
 {
 <...
-	device == sis->bdev->bd_dev
+	sis->bdev && device == sis->bdev->bd_dev
 ...>
 }

@@
identifier sis;
@@
 find_first_swap(...)
 {
 <...
-	!(sis->flags & SWP_WRITEOK)
+	!(sis->flags & SWP_WRITEOK) || !sis->bdev
 ...>
 }
