// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff does not wait for the allocations that have seen SWP_WRITEOK.
@@
@@
 wait_for_allocation(...)
 {
 ...
-	for (...; ...; ...) { ... }
 }
