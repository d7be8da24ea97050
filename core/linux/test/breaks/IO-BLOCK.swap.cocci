// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a swap-out is any write to the block layer.
@@ @@
-REQ_OP_WRITE | REQ_SWAP
+REQ_OP_WRITE
