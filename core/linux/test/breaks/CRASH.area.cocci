// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: without a policy a folio is for the area of the fault, and readahead has no fault.
@@
identifier mpol, vmf;
@@
 __swap_cache_alloc(...)
 {
 <...
-	mpol || !vmf
+	mpol
 ...>
 }
