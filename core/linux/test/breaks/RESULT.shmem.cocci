// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff does not look whether shmem could read its pages.
@@
expression err, type;
@@
	err = shmem_unuse(type);
-	if (err)
-		return err;
