// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Legal: of a large folio's slots the last one's shadow is handed on.
@@
expression ci, off, conflict;
identifier word;
@@
 __swap_cache_add_check(...)
 {
 <...
 word = __swap_table_get(ci, off);
+if (shadowp && swp_tb_is_shadow(word))
+	*shadowp = swp_tb_to_shadow(word);
 if (conflict)
	return -EBUSY;
 ...>
 }
