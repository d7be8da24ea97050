// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a lookup reads the table of a cluster behind the read section in which it found that.
@@
identifier word;
expression ci, off;
@@
 swap_cache_get_folio(...)
 {
 <...
-	word = swap_table_get(ci, off);
+	{
+		atomic_long_t *table;
+
+		rcu_read_lock();
+		table = rcu_dereference(ci->table);
+		rcu_read_unlock();
+		word = table ? atomic_long_read(&table[off]) : 0;
+	}
 ...>
 }
