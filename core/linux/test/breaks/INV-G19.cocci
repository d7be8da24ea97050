// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the pin of an image is taken away without swap_lock.
@@ @@
 unpin_hibernation_swap_type(...)
 {
 <...
-	si->flags &= ~SWP_HIBERNATION;
 	spin_unlock(&swap_lock);
+	si->flags &= ~SWP_HIBERNATION;
 ...>
 }
