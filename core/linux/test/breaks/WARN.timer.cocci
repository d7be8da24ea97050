// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: flush_work() is taken for something that waits for a delayed item.
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
+	flush_work(&late.work);
+	VM_WARN_ON_ONCE(delayed_work_pending(&late));
+	cancel_delayed_work_sync(&late);
 }
