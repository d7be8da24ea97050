// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: RESULT IO-BLOCK
// Deliberately broken: of a page of a swap file, only the first two blocks have to lie together.
@@
identifier block, first_block, block_in_page;
@@
-	block != first_block + block_in_page
+	block_in_page == 1 && block != first_block + 1
