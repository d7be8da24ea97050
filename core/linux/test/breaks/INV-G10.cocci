// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: DEADLOCK
// Deliberately broken: a reference to the device of a hint is kept.
@@ @@
 swap_alloc_fast(...)
 {
 <...
-	put_swap_device(si);
 ...>
 }
