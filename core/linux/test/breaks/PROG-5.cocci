// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: mms are not looked at.
@@ @@
 try_to_unuse(...)
 {
 <...
-	unuse_mm(mm, type)
+	0
 ...>
 }
