// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the completion of a write, which an interrupt runs, and who submits it take the same lock,
// with interrupts on.
@@ @@
+static spinlock_t swap_io_lock = __SPIN_LOCK_UNLOCKED(swap_io_lock);
 static void end_swap_bio_write(struct bio *bio)
 {
 ...
+	spin_lock(&swap_io_lock);
+	spin_unlock(&swap_io_lock);
 }

@@ @@
 swap_bdev_submit_write(...)
 {
 ...
+	spin_lock(&swap_io_lock);
+	spin_unlock(&swap_io_lock);
 	submit_bio(...);
 }
