// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the cgroup is not told of a folio as large as a PMD maps.
@@ @@
-	count_memcg_folio_events(folio, THP_SWPOUT, 1);
