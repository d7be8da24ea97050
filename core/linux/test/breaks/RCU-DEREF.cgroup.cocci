// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a cgroup is asked whether it wants pages written outside of a read section.
// Check: RCU-DEREF
@@
@@
-	rcu_read_lock();
 if (!mem_cgroup_zswap_writeback_enabled(...)) {
-	rcu_read_unlock();
	...
 }
-	rcu_read_unlock();
