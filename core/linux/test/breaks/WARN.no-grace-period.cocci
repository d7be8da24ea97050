// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Check: WARN CRASH
// Deliberately broken: readers under RCU look at what each swapon replaces, and frees at once.
@@
identifier folio;
@@
+static int *latest;
+
+static void latest_set(void)
+{
+	int *new = kmalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);
+	int *old;
+
+	*new = 1;
+	spin_lock(&swap_lock);
+	old = rcu_access_pointer(latest);
+	rcu_assign_pointer(latest, new);
+	spin_unlock(&swap_lock);
+	kfree(old);
+}
+
 int folio_alloc_swap(struct folio *folio)
 {
 	...
 	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
+	rcu_read_lock();
+	int *one = rcu_dereference(latest);
+	VM_WARN_ON_ONCE(one && *one != 1);
+	rcu_read_unlock();
 	...
 }

@@
@@
 static void enable_swap_info(...)
 {
+	latest_set();
 	...
 }
