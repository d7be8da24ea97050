// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a page that its cgroup keeps in zswap alone is unlocked before its caller does so.
// Check: LOCK-NOT-HELD
@@
expression folio;
@@
 folio_mark_dirty(folio);
+folio_unlock(folio);
 return AOP_WRITEPAGE_ACTIVATE;
