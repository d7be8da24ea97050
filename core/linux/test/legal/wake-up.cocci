// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: swapoff waits for a work item that sets a flag and wakes it up.
@@
@@
+struct flag {
+	struct work_struct work;
+	wait_queue_head_t queue;
+	int set;
+};
+
+static void set_flag(struct work_struct *work)
+{
+	struct flag *flag = container_of(work, struct flag, work);
+
+	WRITE_ONCE(flag->set, 1);
+	wake_up(&flag->queue);
+}
+
 flush_percpu_swap_cluster(...)
 {
 	...
+	struct flag flag = { .set = 0 };
+	init_waitqueue_head(&flag.queue);
+	INIT_WORK(&flag.work, set_flag);
+	schedule_work(&flag.work);
+	wait_event(flag.queue, READ_ONCE(flag.set));
+	flush_work(&flag.work);
 }
