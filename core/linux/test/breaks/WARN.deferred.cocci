// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a large folio is read without a place on the list of those that may be split.
@@
identifier order;
@@
-	if (order > 1 && folio_memcg_alloc_deferred(...)) { ... }
