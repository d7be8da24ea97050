/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists. The priority-sorted list and the red-black tree are the tree's own. */
#ifndef _SHIM_LIST_H
#define _SHIM_LIST_H

#include <kernel/list.h>
#include <kernel/rcupdate.h>

#define list_for_each_safe(p, n, head) \
	for ((p) = (head)->next, (n) = (p)->next; (p) != (head); (p) = (n), (n) = (p)->next)
#define list_for_each_entry_continue(pos, head, member) \
	for (pos = list_next_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = list_next_entry(pos, member))
#define rcu_dereference_raw(p) READ_ONCE(p)

#include <linux/plist.h>
#include <linux/rbtree.h>

#endif /* _SHIM_LIST_H */
