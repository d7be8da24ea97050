// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Legal: that the memory of a request is not made by I/O is said of the task, and not of the allocation.
@@
expression pool, e, sio;
@@
-	e = sio = mempool_alloc(pool, GFP_NOIO);
+	unsigned int noio = memalloc_noio_save();
+	e = sio = mempool_alloc(pool, GFP_KERNEL);
+	memalloc_noio_restore(noio);
