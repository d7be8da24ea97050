// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: what swapoff brings back has lost its tags.
// Check: UNUSE
@@
expression entry, folio;
@@
-	arch_swap_restore(entry, folio);
