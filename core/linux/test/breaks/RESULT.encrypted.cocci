// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/litmus/swapon-file-twice.prog
// Deliberately broken: a file that its file system encrypts is taken, and its blocks would be written in the clear.
@@
expression inode;
@@
-	IS_ENCRYPTED(inode)
+	(IS_ENCRYPTED(inode) && false)
