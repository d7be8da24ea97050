// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Program: corpus/litmus/slot-zero.prog
// Deliberately broken: a large folio is read for slots of which some are all zeroes.
@@ @@
 __swap_cache_add_check(...)
 {
 <...
-	is_zero != __swap_table_test_zero(ci, ci_off)
+	false
 ...>
 }
