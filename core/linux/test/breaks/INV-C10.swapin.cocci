// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a swap-in charges the cgroup that the slot had when it looked first, before it dropped ci->lock.
// Program: corpus/litmus/swapin-other-cgroup.prog
@@
identifier ci, entry, nr, shadow, id;
@@
 __swap_cache_alloc(...)
 {
 ...
-	err = __swap_cache_add_check(ci, entry, nr, NULL, NULL);
+	err = __swap_cache_add_check(ci, entry, nr, NULL, &id);
 ...
-	err = __swap_cache_add_check(ci, entry, nr, &shadow, &id);
+	err = __swap_cache_add_check(ci, entry, nr, &shadow, NULL);
 ...
 }
