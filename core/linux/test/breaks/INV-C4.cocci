// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a slot without a count is not freed when its folio leaves.
@@ @@
 __swap_cache_do_del_folio(...)
 {
 <...
-	need_free = true;
+	;
 ...>
 }
