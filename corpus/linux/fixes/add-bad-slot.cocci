// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// __swap_cache_add_check() lets the word of a bad slot pass, which has count bits: readahead puts a
// folio into a bad slot, which is freed with it.
@@
expression w;
@@
 __swap_cache_add_check(...)
 {
 <...
-	!__swp_tb_get_count(w)
+	swp_tb_get_count(w) <= 0
 ...>
 }
