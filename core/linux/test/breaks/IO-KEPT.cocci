// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a page is written although its cgroup wants none written.
// Check: IO-KEPT
@@
@@
-	if (!mem_cgroup_zswap_writeback_enabled(...)) {
-		rcu_read_unlock();
-		...
-	}
+	(void)mem_cgroup_zswap_writeback_enabled(folio_memcg(folio));
 rcu_read_unlock();
