// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Check: NUMA
// Deliberately broken: all pages of a window have the interleave index of the one that faulted.
@@
expression addr, end, ilx;
@@
 swap_vma_readahead(...)
 {
 <...
-	for (addr = start; addr < end; ilx++, addr += PAGE_SIZE)
+	for (addr = start; addr < end; addr += PAGE_SIZE)
 	{ ... }
 ...>
 }
