// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Legal: the memory of a request is waited for only if there is none at once.
@@
expression pool, e, sio;
@@
-	e = sio = mempool_alloc(pool, GFP_NOIO);
+	sio = mempool_alloc(pool, GFP_NOWAIT);
+	if (!sio)
+		sio = mempool_alloc(pool, GFP_NOIO);
+	e = sio;
