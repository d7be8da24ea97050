// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a task that reads synchronously keeps a reference to itself.
@@ @@
 swap_bdev_submit_read(...)
 {
 <...
-	put_task_struct(current);
 ...>
 }
