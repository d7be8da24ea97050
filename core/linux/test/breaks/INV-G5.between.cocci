// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device is taken for full although a slot of it was freed since.
// Also: PROG-1
// Program: corpus/litmus/alloc-full-race.prog
@@
expression si;
identifier pages, skip;
@@
 del_from_avail_list(...)
 {
 <...
-	pages = si->pages;
-	if (!atomic_long_try_cmpxchg(&si->inuse_pages, &pages, pages | SWAP_USAGE_OFFLIST_BIT))
+	pages = atomic_long_read(&si->inuse_pages);
+	atomic_long_or(SWAP_USAGE_OFFLIST_BIT, &si->inuse_pages);
+	if (pages & SWAP_USAGE_OFFLIST_BIT)
 		goto skip;
 ...>
 }
