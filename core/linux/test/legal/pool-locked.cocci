// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Legal: the memory pool is made under a lock.
@@
@@
+static struct mutex pool_mutex = __MUTEX_INITIALIZER(pool_mutex);
+
 int sio_pool_init(void)
 {
-	if (!sio_pool) {
-		mempool_t *pool = mempool_create_kmalloc_pool(
-			SWAP_CLUSTER_MAX, sizeof(struct swap_iocb));
-		if (cmpxchg(&sio_pool, NULL, pool))
-			mempool_destroy(pool);
-	}
+	mutex_lock(&pool_mutex);
+	if (!sio_pool)
+		sio_pool = mempool_create_kmalloc_pool(SWAP_CLUSTER_MAX, sizeof(struct swap_iocb));
+	mutex_unlock(&pool_mutex);
 	...
 }
