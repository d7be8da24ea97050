// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: a patch has locks, a bitmap and a reference count of its own, and takes locks for a scope.
@@
@@
 #include <linux/mm.h>
+#include <core/linux/test/legal/own-words.h>
@@
@@
 add_to_avail_list(...)
 {
 ...
+	own_around(&swap_avail_lock);
 spin_lock(&swap_avail_lock);
+	own_within();
 ...
 }
@@
expression p;
@@
+	own_type(p->type, false);
 percpu_ref_kill(&p->users);
@@
expression p;
@@
 percpu_ref_resurrect(&p->users);
+	own_type(p->type, true);
