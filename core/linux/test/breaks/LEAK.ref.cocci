// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a struct that swapon does not need leaves the memory of its references behind.
// Check: LEAK
@@
identifier defer;
@@
 if (defer) {
-	percpu_ref_exit(&defer->users);
	...
 }
