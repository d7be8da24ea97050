// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: an add to the cache does not test for a table.
@@ @@
 __swap_cache_add_check(...)
 {
 <...
-	!ci->table
+	0
 ...>
 }
