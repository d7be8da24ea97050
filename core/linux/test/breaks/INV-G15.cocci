// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: each page that is written counts twice.
@@
expression n;
@@
 __swap_writepage(...)
 {
 <...
 	count_vm_events(PSWPOUT, n);
+	count_vm_events(PSWPOUT, n);
 ...>
 }
