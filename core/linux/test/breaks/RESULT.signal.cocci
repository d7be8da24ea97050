// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: nothing stops swapoff.
@@
@@
 try_to_unuse(...)
 {
 <...
-	signal_pending(current)
+	false
 ...>
 }
