// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapon writes what is dirty of the file while others may still write to that.
@@
expression inode;
identifier error;
@@
-	inode->i_flags |= S_SWAPFILE;
 	error = inode_drain_writes(inode);
 	if (error) { ... }
+	inode->i_flags |= S_SWAPFILE;
