// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff walks the mappings of an mm without its lock.
@@
expression mm;
@@
 unuse_mm(...)
 {
 <...
(
-	mmap_read_lock(mm);
|
-	mmap_read_unlock(mm);
)
 ...>
 }
