// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The last put frees a slot that the swap cache still has.
@@
expression word, batch, off;
@@
 swap_put_entries_cluster(...)
 {
 <...
-	if (!swp_tb_is_folio(word)) {
+	{
 		if (batch == -1)
 			batch = off;
 		continue;
 	}
 ...>
 }
