// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Readahead of a neighbouring page does without a reference to its device, which need not be the fault's.
@@
expression dev, e;
@@
 swap_vma_readahead(...)
 {
 <...
-	dev = get_swap_device(e);
-	if (!dev)
-		continue;
 ...>
 }
