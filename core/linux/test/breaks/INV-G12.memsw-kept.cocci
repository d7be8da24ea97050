// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the slots keep their charge of memory and swap when they are read.
@@
expression f;
@@
 __swap_cache_alloc(...)
 {
 <...
-	memcg1_swapin(f);
 ...>
 }
