// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a page that swapoff brings back is shared from then on.
// Check: UNUSE
@@
@@
-	rmap_flags |= RMAP_EXCLUSIVE;
+	;
