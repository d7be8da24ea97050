// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Check: INV-G11 CONTENT
// Deliberately broken: that a slot is all zeroes is forgotten when its folio goes.
@@
expression shadow, old_tb;
@@
 __swap_cache_do_del_folio(...)
 {
 <...
-	shadow_to_swp_tb(shadow, __swp_tb_get_flags(old_tb))
+	(shadow_to_swp_tb(shadow, __swp_tb_get_flags(old_tb)) & ~SWP_TB_ZERO_FLAG)
 ...>
 }
