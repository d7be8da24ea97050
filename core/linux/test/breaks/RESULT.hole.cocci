// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Also: IO-BLOCK
// Program: corpus/litmus/swapon-file-twice.prog
// Deliberately broken: a page without a block is passed over, as one that is not aligned.
@@
expression ret, block;
@@
-	if (ret || !block)
+	if (ret)
		goto bad_bmap;
