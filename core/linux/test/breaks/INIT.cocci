// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device's completion is not initialised.
@@ @@
 alloc_swap_info(...)
 {
 <...
-	init_completion(...);
 ...>
 }
