// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapon does not set the priority in the list of available devices.
@@
expression si;
@@
-	si->avail_list.prio = -si->prio;
