// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: of slots that are freed together, zswap is told of the first one only.
@@
expression si, offset;
identifier i;
@@
 swap_range_free(...)
 {
 <...
-	zswap_invalidate(swp_entry(si->type, offset + i));
+	zswap_invalidate(swp_entry(si->type, offset));
 ...>
 }
