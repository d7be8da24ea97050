// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a folio that got no slot is none of its cgroup's failures.
@@
expression folio;
@@
-	if (unlikely(mem_cgroup_try_charge_swap(folio)))
+	if (folio_test_swapcache(folio) && mem_cgroup_try_charge_swap(folio))
		swap_cache_del_folio(folio);
