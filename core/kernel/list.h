/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doubly linked lists: liburcu's, under the kernel's names, with the kernel's list
 * debugging on top (list_del poisons, and add/del verify the neighbours).
 */
#ifndef _KERNEL_LIST_H
#define _KERNEL_LIST_H

#include <urcu/list.h>
#include <kernel/bug.h>

#define list_head cds_list_head
#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)
#define INIT_LIST_HEAD(h) CDS_INIT_LIST_HEAD(h)
#define LIST_POISON1 ((struct list_head *)0xdead000000000100UL)
#define LIST_POISON2 ((struct list_head *)0xdead000000000122UL)

static inline void __list_verify(const struct list_head *entry, const char *what)
{
	if (unlikely(entry->next == LIST_POISON1 || entry->prev == LIST_POISON2))
		harness_fail("LIST", CODE_SITE, "%s of an entry that is on no list", what);
	if (unlikely(entry->next->prev != entry || entry->prev->next != entry))
		harness_fail("LIST", CODE_SITE, "%s: the neighbours do not point back", what);
}

static inline bool list_empty(const struct list_head *head)
{
	return cds_list_empty((struct list_head *)head);
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_verify(head, "list_add");
	cds_list_add(entry, head);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_verify(head, "list_add_tail");
	cds_list_add_tail(entry, head);
}

static inline void list_del(struct list_head *entry)
{
	__list_verify(entry, "list_del");
	cds_list_del(entry);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
	__list_verify(entry, "list_del_init");
	cds_list_del_init(entry);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	list_del(entry);
	list_add_tail(entry, head);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(pos, member) list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))
#define list_for_each_entry(pos, head, member) cds_list_for_each_entry(pos, head, member)
#define list_for_each_entry_safe(pos, n, head, member) \
	cds_list_for_each_entry_safe(pos, n, head, member)

#endif /* _KERNEL_LIST_H */
