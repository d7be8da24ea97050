// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a file system is told that its file is swapped to, and never that it is no longer.
@@ @@
 destroy_swap_extents(...)
 {
 <...
-	if (mapping->a_ops->swap_deactivate)
-		mapping->a_ops->swap_deactivate(swap_file);
 ...>
 }
