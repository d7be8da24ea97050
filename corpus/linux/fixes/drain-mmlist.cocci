// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// drain_mmlist() sees no usage, a task that is on the list swaps out, and the list is emptied: the
// next swapoff does not find that mm and goes round for ever. An mm leaves the list when it exits.
@@
@@
-	drain_mmlist();
