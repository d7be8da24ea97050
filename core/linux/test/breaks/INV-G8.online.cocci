// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff clears the hints of CPUs that are online alone; another one comes back with its hint.
@@
iterator name for_each_possible_cpu, for_each_online_cpu;
expression cpu;
statement s;
@@
 flush_percpu_swap_cluster(...)
 {
 <...
-	for_each_possible_cpu(cpu)
+	for_each_online_cpu(cpu)
 	s
 ...>
 }
