// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: WARN
// Deliberately broken: swapoff looks for slots in use once, and goes on.
@@ @@
 try_to_unuse(...)
 {
 <...
-	if (swap_usage_in_pages(si)) {
-		if (!signal_pending(current))
-			goto retry;
-		return -EINTR;
-	}
+	if (signal_pending(current))
+		return -EINTR;
 ...>
 }
