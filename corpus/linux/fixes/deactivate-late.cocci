// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A swapon that fails tells the file system so before another swapon of the same file can go on.
@@
expression inode;
@@
+	destroy_swap_extents(si, swap_file);
 	inode_unlock(inode);
 bad_swap:

@@
expression inode, si;
@@
	kfree(si->global_cluster);
	si->global_cluster = NULL;
	inode = NULL;
-	destroy_swap_extents(si, swap_file);
