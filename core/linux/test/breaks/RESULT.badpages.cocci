// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapon takes the bad pages of a swap file.
@@
expression header, inode;
@@
-	if (header->info.nr_badpages && S_ISREG(inode->i_mode))
-		return 0;
