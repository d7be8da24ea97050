// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: INV-G11 CONTENT
// Also: INV-G15
// Deliberately broken: a write to a device that is not synchronous ends writeback before it is done.
@@
identifier bio;
@@
 swap_bdev_submit_write(...)
 {
 <...
-	bio->bi_end_io = end_swap_bio_write;
-	submit_bio(bio);
+	end_swap_bio_write(bio);
 ...>
 }
