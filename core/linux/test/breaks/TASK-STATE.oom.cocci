// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a task whose swapoff has failed stays the OOM killer's first choice.
@@
expression err, type;
@@
 err = try_to_unuse(type);
+if (!err)
 clear_current_oom_origin();
