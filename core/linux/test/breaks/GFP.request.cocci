// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the memory of a request may be made by writing.
@@
expression pool;
@@
-	mempool_alloc(pool, GFP_NOIO)
+	mempool_alloc(pool, GFP_KERNEL)
