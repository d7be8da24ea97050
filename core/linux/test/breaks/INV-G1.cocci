// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: INV-G17
// Deliberately broken: an allocation leaves the number of free slots alone.
@@ @@
 swap_range_alloc(...)
 {
 <...
-	atomic_long_sub(nr_entries, &nr_swap_pages);
 ...>
 }
