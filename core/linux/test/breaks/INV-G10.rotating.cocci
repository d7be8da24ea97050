// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Check: INV-G10
// Deliberately broken: a swapon that fails late leaves its disk among the rotating ones.
@@
identifier raised;
@@
	atomic_inc(&nr_rotate_swap);
-	raised = true;
