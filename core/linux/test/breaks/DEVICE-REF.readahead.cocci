// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: readahead keeps the reference of the first other device for a third one.
@@
identifier si;
expression entry, targ, e;
@@
 swap_vma_readahead(...)
 {
+	struct swap_info_struct *si = NULL;
 ...
 	for (...; ...; ...) {
-		struct swap_info_struct *si = NULL;
 		...
-		if (swp_type(entry) != swp_type(targ)) {
+		if (swp_type(entry) != swp_type(targ) && !si) {
 			...
 		}
 		...
-		if (si)
-			put_swap_device(si);
 		...
 	}
+	if (si)
+		put_swap_device(si);
 	...
 }
