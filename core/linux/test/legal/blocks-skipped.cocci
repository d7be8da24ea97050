// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Legal: blocks that lie behind an aligned one begin no page, so swapon goes on where they end.
@@
identifier block, first_block, block_in_page;
@@
-	block != first_block + block_in_page
+	block != first_block + block_in_page && (probe_block += block_in_page - 1, true)
