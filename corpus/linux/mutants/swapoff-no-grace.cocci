// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// swapoff does not wait for the holders of references and for lockless readers.
@@
expression p;
@@
 percpu_ref_kill(&p->users);
-	synchronize_rcu();
-	wait_for_completion(&p->comp);
