// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapon tests whether a file is a swap file before it locks the inode.
@@
identifier inode, dentry;
@@
-inode_lock(inode);
 if (d_unlinked(dentry) || cant_mount(dentry)) {
 	...
-	goto bad_swap_unlock_inode;
+	goto bad_swap;
 }
 if (IS_SWAPFILE(inode)) {
 	...
-	goto bad_swap_unlock_inode;
+	goto bad_swap;
 }
+inode_lock(inode);
