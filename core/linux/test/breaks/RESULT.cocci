// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a swapoff that was interrupted says that it succeeded.
@@ @@
 reinsert_swap_info(p);
+err = 0;
 goto out_dput;
