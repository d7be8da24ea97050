// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: slots that swapoff has still to empty count as taken from the free pages of other devices.
@@
identifier used;
@@
 si_swapinfo(...)
 {
 <...
-	atomic_long_read(&nr_swap_pages) + (long)used
+	atomic_long_read(&nr_swap_pages)
 ...>
 }
