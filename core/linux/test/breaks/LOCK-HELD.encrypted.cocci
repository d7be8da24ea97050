// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapon of an encrypted file leaves its inode locked.
@@
expression inode;
identifier l;
@@
 if (IS_ENCRYPTED(inode)) {
 ...
-	goto l;
+	goto bad_swap;
 }
