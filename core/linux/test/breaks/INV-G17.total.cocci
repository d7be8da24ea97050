// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Program: corpus/litmus/swaps-vs-swapoff.prog
// Deliberately broken: swap that is being swapped off counts as free, not as swap.
@@
expression val, n;
@@
 si_swapinfo(...)
 {
 <...
-	val->totalswap = total_swap_pages + n;
+	val->totalswap = total_swap_pages;
 ...>
 }
