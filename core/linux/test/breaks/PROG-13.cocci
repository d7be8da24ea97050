// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: cached slots are reclaimed in a scan however much swap is free.
@@ @@
 cluster_scan_range(...)
 {
 <...
-	vm_swap_full()
+	true
 ...>
 }
