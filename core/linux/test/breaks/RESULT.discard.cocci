// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a swapon that is to discard all at once, and then what is freed, does the latter only.
@@
expression flags;
statement S;
@@
-	if (flags & SWAP_FLAG_DISCARD_PAGES)
+	if (!(flags & SWAP_FLAG_DISCARD_PAGES))
		S
