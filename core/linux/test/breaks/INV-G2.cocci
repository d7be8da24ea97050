// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff leaves the total alone.
@@
expression p;
@@
-	total_swap_pages -= p->pages;
