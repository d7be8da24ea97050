// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the architecture is told that all slots are free before they are brought back.
@@
expression p, err;
@@
+	arch_swap_invalidate_area(p->type);
 	err = try_to_unuse(p->type);
