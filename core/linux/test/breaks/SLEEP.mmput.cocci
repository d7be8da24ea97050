// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff gives an mm back, which may be the end of that, with mmlist_lock held.
@@ @@
 try_to_unuse(...)
 {
 <...
-	spin_unlock(&mmlist_lock);
 	mmput(prev_mm);
+	spin_unlock(&mmlist_lock);
 ...>
 }
