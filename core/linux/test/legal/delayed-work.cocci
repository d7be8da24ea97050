// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: items are delayed, and done at once or not at all after that.
@@
@@
+static void late_fn(struct work_struct *work)
+{
+}
+
 flush_percpu_swap_cluster(...)
 {
 	...
+	struct delayed_work late;
+	INIT_DELAYED_WORK(&late, late_fn);
+	schedule_delayed_work(&late, 1);
+	flush_delayed_work(&late);
+	VM_WARN_ON_ONCE(delayed_work_pending(&late));
+	schedule_delayed_work(&late, 1);
+	mod_delayed_work(system_wq, &late, 0);
+	cancel_delayed_work_sync(&late);
+	VM_WARN_ON_ONCE(delayed_work_pending(&late));
 }
