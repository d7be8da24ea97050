// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A slot that is taken while swapoff waits for allocation may be missing in the usage that was read, but not in
// nr_swap_pages: fewer than no free pages are none.
@@
expression val, n;
@@
-	val->freeswap = atomic_long_read(&nr_swap_pages) + n;
+	val->freeswap = max(atomic_long_read(&nr_swap_pages) + (long)n, 0L);
