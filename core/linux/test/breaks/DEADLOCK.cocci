// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: nobody is told that the last reference is gone.
@@ @@
 swap_users_ref_free(...)
 {
 <...
-	complete(&si->comp);
+	;
 ...>
 }
