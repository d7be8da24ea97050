// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff clears the hints of CPU 0 only: those of others name a device that is off.
@@
expression slot, si;
@@
 flush_percpu_swap_cluster(...)
 {
 <...
-	cmpxchg(slot, si, NULL);
+	if (!cpu)
+		cmpxchg(slot, si, NULL);
 ...>
 }
