// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: how a device does its I/O is set when its struct is new. Another device that gets the struct
// keeps the functions of the file system whose file the first one was.
@@
expression sis;
@@
 setup_swap_extents(...)
 {
 <...
-	sis->ops = &swap_bdev_ops;
 ...>
 }
@@
identifier p;
statement S;
@@
 alloc_swap_info(...)
 {
 ...
+	p->ops = &swap_bdev_ops;
 	if (percpu_ref_init(&p->users, ...)) S
 ...
 }
