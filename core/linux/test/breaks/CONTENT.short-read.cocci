// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a file system's read that ends early is taken for a whole one.
// Check: CONTENT INV-G11
// Program: corpus/litmus/fs-short-read.prog
@@
identifier f, ret, sio;
@@
 swap_fs_read_complete(...)
 {
 <...
-	bool f = ret != sio->len;
+	bool f = ret < 0;
 ...>
 }
