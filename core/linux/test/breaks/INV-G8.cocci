// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: hints of other CPUs to a device that is off are kept.
@@ @@
 flush_percpu_swap_cluster(...)
 {
 <...
-	cmpxchg(&pcp_si[i], si, NULL);
+	if (!cpu)
+		cmpxchg(&pcp_si[i], si, NULL);
 ...>
 }
