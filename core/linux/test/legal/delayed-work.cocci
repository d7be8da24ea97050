// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: an item that delays itself three times is done at once, and cancelled.
@@
@@
+static atomic_t late_nr;
+
+static void late_fn(struct work_struct *work)
+{
+	if (atomic_inc_return(&late_nr) % 4)
+		schedule_delayed_work(to_delayed_work(work), 1);
+}
+
 flush_percpu_swap_cluster(...)
 {
 	...
+	struct delayed_work late;
+	INIT_DELAYED_WORK(&late, late_fn);
+	schedule_delayed_work(&late, 1);
+	flush_delayed_work(&late);
+	schedule_delayed_work(&late, 1);
+	mod_delayed_work(system_wq, &late, 0);
+	cancel_delayed_work_sync(&late);
+	VM_WARN_ON_ONCE(delayed_work_pending(&late));
 }
