// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a copy for KSM that swapoff maps has a reference too many, or is never freed.
// Check: INV-G7 LEAK
@@
expression folio, swapcache;
@@
 if (folio != swapcache) {
	folio_unlock(folio);
-	folio_put(folio);
 }
