// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: of a page of zeroes no tags are kept.
// Check: IO-TAGS
@@
expression folio, ret;
identifier out_unlock;
@@
-	ret = arch_prepare_to_swap(folio);
-	if (ret) {
-		folio_mark_dirty(folio);
-		goto out_unlock;
-	}
 ...
 swap_zeromap_folio_clear(folio);
+	ret = arch_prepare_to_swap(folio);
+	if (ret) {
+		folio_mark_dirty(folio);
+		goto out_unlock;
+	}
