// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff gives up after three rounds.
@@
identifier retval;
@@
 try_to_unuse(...)
 {
 <...
-	int retval = 0;
+	int retval = 0, rounds = 0;
 ...>
 }
@@
identifier retry, task;
@@
 try_to_unuse(...)
 {
 <...
 if (!signal_pending(task))
-	goto retry;
+	{ if (++rounds < 3) goto retry; return -EBUSY; }
 ...>
 }
