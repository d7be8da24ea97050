// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: only the first slot of a large folio gets the shadow.
@@
expression shadow, old_tb;
@@
 __swap_cache_do_del_folio(...)
 {
 <...
-	shadow_to_swp_tb(shadow, __swp_tb_get_flags(old_tb))
+	shadow_to_swp_tb(ci_off == ci_start ? shadow : NULL, __swp_tb_get_flags(old_tb))
 ...>
 }
