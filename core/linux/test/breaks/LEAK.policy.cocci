// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a fault whose page cannot be read keeps its reference to the memory policy.
@@
expression mpol, folio;
@@
 swapin_readahead(...)
 {
 ...
+	if (!folio)
+		return NULL;
 mpol_cond_put(mpol);
 return folio;
 }
