// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: WARN PROG-5
// Deliberately broken: a cached slot keeps a count that is put.
@@ @@
 swap_put_entries_cluster(...)
 {
 <...
 	need_reclaim = true;
+	continue;
 ...>
 }
