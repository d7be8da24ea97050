// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff maps a page whose memory is known to be broken.
@@
expression page;
identifier bad;
@@
-	if (PageHWPoison(page))
-		bad = true;
