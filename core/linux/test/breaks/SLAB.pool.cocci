// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Program: corpus/litmus/swapon-first.prog
// Check: SLAB LEAK
// Deliberately broken: of two tasks at the first swapon, each makes a memory pool, and the later one replaces the other.
@@
expression pool, p;
@@
-	if (cmpxchg(&pool, NULL, p))
-		mempool_destroy(p);
+	pool = p;
