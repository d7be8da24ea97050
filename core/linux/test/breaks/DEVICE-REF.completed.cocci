// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the last reference of a device completes for good, and only a new struct is made ready: the
// second swapoff of it waits for nobody.
@@
@@
 swap_users_ref_free(...)
 {
 ...
-	complete(
+	complete_all(
 	...);
 }
@@
expression p, q;
@@
 alloc_swap_info(...)
 {
 <...
+	init_completion(&p->comp);
 	smp_store_release(q, p);
 ...>
-	init_completion(...);
 ...
 }
