/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority-sorted list: ascending key, FIFO inside equal keys. The lists here are short
 * (one node a device), so one sorted list does what the kernel's two levels do.
 */
#ifndef _KERNEL_PLIST_H
#define _KERNEL_PLIST_H

#include <kernel/list.h>

struct plist_head {
	struct list_head node_list;
};

struct plist_node {
	int prio;			/* the key; swap uses minus the device's priority */
	struct list_head node_list;
};

#define PLIST_HEAD(name) struct plist_head name = { LIST_HEAD_INIT((name).node_list) }

static inline void plist_head_init(struct plist_head *head)
{
	INIT_LIST_HEAD(&head->node_list);
}

static inline void plist_node_init(struct plist_node *node, int prio)
{
	node->prio = prio;
	INIT_LIST_HEAD(&node->node_list);
}

static inline bool plist_head_empty(const struct plist_head *head)
{
	return list_empty(&head->node_list);
}

/* True if the node is on no list. */
static inline bool plist_node_empty(const struct plist_node *node)
{
	return list_empty(&node->node_list);
}

/* Inserts behind the last node whose key is not greater. The node must be on no list. */
static inline void plist_add(struct plist_node *node, struct plist_head *head)
{
	struct plist_node *pos;

	if (!plist_node_empty(node))
		harness_fail("LIST", CODE_SITE, "plist_add of a node that is on a list");
	list_for_each_entry(pos, &head->node_list, node_list)
		if (pos->prio > node->prio)
			break;
	list_add_tail(&node->node_list, &pos->node_list);
}

/* Harmless if the node is on no list. */
static inline void plist_del(struct plist_node *node, struct plist_head *head)
{
	const struct list_head *pos = &node->node_list;

	while (!plist_node_empty(node) && pos != &head->node_list) {
		pos = pos->next;
		if (pos == &node->node_list)
			harness_fail("LIST", CODE_SITE, "plist_del of a node that is on another list");
	}
	list_del_init(&node->node_list);
}

/* Moves the node to the end of its equal-key group. */
static inline void plist_requeue(struct plist_node *node, struct plist_head *head)
{
	plist_del(node, head);
	plist_add(node, head);
}

#define plist_for_each_entry(pos, head, mem) \
	list_for_each_entry(pos, &(head)->node_list, mem.node_list)
#define plist_for_each_entry_safe(pos, n, head, mem) \
	list_for_each_entry_safe(pos, n, &(head)->node_list, mem.node_list)
#define plist_first_entry(head, type, mem) \
	list_first_entry(&(head)->node_list, type, mem.node_list)

#endif /* _KERNEL_PLIST_H */
