// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a device's references are there before it is.
@@ @@
-PERCPU_REF_INIT_DEAD
+0
