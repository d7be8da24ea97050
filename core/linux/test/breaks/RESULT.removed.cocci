// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a file that has been removed is taken.
@@
expression dentry;
@@
-	d_unlinked(dentry) || cant_mount(dentry)
+	(d_unlinked(dentry), cant_mount(dentry))
