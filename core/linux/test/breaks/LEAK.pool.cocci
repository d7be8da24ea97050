// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Program: corpus/litmus/swapon-first.prog
// Check: LEAK
// Deliberately broken: of two tasks at the first swapon, the later one leaves the memory pool behind that it has made.
@@
expression pool, p;
@@
-	if (cmpxchg(&pool, NULL, p))
-		mempool_destroy(p);
+	cmpxchg(&pool, NULL, p);
