// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a batch of I/O that is full takes another folio, behind the array.
@@
expression sio;
@@
-	++sio->nr_bvecs == ARRAY_SIZE(sio->bvecs)
+	++sio->nr_bvecs > ARRAY_SIZE(sio->bvecs)
