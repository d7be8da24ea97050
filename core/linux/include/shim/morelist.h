/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists: what the tree's files do not use, but a patch to them may. With list_for_each_entry_rcu() a list may be
 * read while it changes: its pointers are loads that acquire, those of the _rcu functions stores that release.
 */
#ifndef _SHIM_MORELIST_H
#define _SHIM_MORELIST_H

#include <kernel/list.h>
#include <kernel/rcupdate.h>

#define list_is_head(entry, head) ((entry) == (head))
#define list_empty_careful(head) list_empty(head)
#define list_last_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->prev, type, member))
#define list_for_each_prev(p, head) for ((p) = (head)->prev; (p) != (head); (p) = (p)->prev)
#define list_for_each_entry_from(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_safe_reverse(pos, n, head, member)			\
	for (pos = list_entry((head)->prev, __typeof__(*pos), member),		\
	     n = list_entry(pos->member.prev, __typeof__(*pos), member);	\
	     !list_entry_is_head(pos, head, member);				\
	     pos = n, n = list_entry(n->member.prev, __typeof__(*n), member))
#define list_for_each_entry_safe_continue(pos, n, head, member)			\
	for (pos = list_next_entry(pos, member), n = list_next_entry(pos, member); \
	     !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))
#define list_for_each_entry_safe_from(pos, n, head, member)			\
	for (n = list_next_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = n, n = list_next_entry(n, member))
#define list_prepare_entry(pos, head, member) ((pos) ? : list_entry(head, __typeof__(*pos), member))

static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *p;
	size_t nr = 0;

	for (p = head->next; p != head; p = p->next)
		nr++;
	return nr;
}

static inline void __list_splice_between(struct list_head *from, struct list_head *prev, struct list_head *next)
{
	struct list_head *first = from->next, *last = from->prev;

	__list_verify(from, "list_splice");
	first->prev = prev;
	prev->next = first;
	last->next = next;
	next->prev = last;
}

static inline void list_splice(struct list_head *from, struct list_head *head)
{
	if (!list_empty(from))
		__list_splice_between(from, head, head->next);
}

static inline void list_splice_tail(struct list_head *from, struct list_head *head)
{
	if (!list_empty(from))
		__list_splice_between(from, head->prev, head);
}

static inline void list_splice_init(struct list_head *from, struct list_head *head)
{
	list_splice(from, head);
	INIT_LIST_HEAD(from);
}

static inline void list_splice_tail_init(struct list_head *from, struct list_head *head)
{
	list_splice_tail(from, head);
	INIT_LIST_HEAD(from);
}

static inline void list_replace(struct list_head *old, struct list_head *new)
{
	__list_verify(old, "list_replace");
	new->next = old->next;
	new->next->prev = new;
	new->prev = old->prev;
	new->prev->next = new;
}

static inline void list_replace_init(struct list_head *old, struct list_head *new)
{
	list_replace(old, new);
	INIT_LIST_HEAD(old);
}

static inline void list_swap(struct list_head *a, struct list_head *b)
{
	struct list_head *before = b->prev;

	list_del(b);
	list_replace(a, b);
	list_add(a, before == a ? b : before);
}

/* All up to @entry go from @head to @list, which is empty. */
static inline void list_cut_position(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	struct list_head *rest = entry->next;

	INIT_LIST_HEAD(list);
	if (list_empty(head) || entry == head)
		return;
	list->next = head->next;
	list->next->prev = list;
	list->prev = entry;
	entry->next = list;
	head->next = rest;
	rest->prev = head;
}

#define list_cut_before(list, head, entry) list_cut_position(list, head, (entry)->prev)

static inline void list_bulk_move_tail(struct list_head *head, struct list_head *first, struct list_head *last)
{
	first->prev->next = last->next;
	last->next->prev = first->prev;
	head->prev->next = first;
	first->prev = head->prev;
	last->next = head;
	head->prev = last;
}

static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

#define list_rotate_to_front(entry, head) list_bulk_move_tail(head, (head)->next, (entry)->prev)

/* --- RCU -------------------------------------------------------------------------------------- */

static inline void __list_add_rcu(struct list_head *entry, struct list_head *prev, struct list_head *next)
{
	__list_verify(prev, "list_add_rcu");
	entry->next = next;
	entry->prev = prev;
	smp_store_release(&prev->next, entry);
	next->prev = entry;
}

#define list_add_rcu(entry, head) __list_add_rcu(entry, head, (head)->next)
#define list_add_tail_rcu(entry, head) __list_add_rcu(entry, (head)->prev, head)

/* Readers may still go on from @entry. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_verify(entry, "list_del_rcu");
	entry->next->prev = entry->prev;
	WRITE_ONCE(entry->prev->next, entry->next);
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	__list_verify(old, "list_replace_rcu");
	new->next = old->next;
	new->prev = old->prev;
	smp_store_release(&new->prev->next, new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

#define list_entry_rcu(p, type, member) list_entry(smp_load_acquire(&(p)), type, member)
#define list_for_each_entry_rcu(pos, head, member, ...)				\
	for (pos = list_entry_rcu((head)->next, __typeof__(*pos), member);	\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_first_or_null_rcu(head, type, member) ({				\
	struct list_head *__h = (head), *__first = smp_load_acquire(&__h->next); \
	__first == __h ? NULL : list_entry(__first, type, member);		\
})

/* --- lists without a lock ---------------------------------------------------------------------- */

struct llist_node {
	struct llist_node *next;
};
struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name) { NULL }
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)
#define init_llist_head(head) ((head)->first = NULL)
#define llist_entry(p, type, member) container_of(p, type, member)
#define llist_empty(head) (!READ_ONCE((head)->first))
#define llist_del_all(head) xchg(&(head)->first, NULL)

/* Return: was it empty? */
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	struct llist_node *first;

	do {
		first = READ_ONCE(head->first);
		WRITE_ONCE(node->next, first);
	} while (cmpxchg(&head->first, first, node) != first);
	return !first;
}

/* Context: no other task takes from it. */
static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first, *found = smp_load_acquire(&head->first);

	do {
		first = found;
		if (!first)
			return NULL;
		found = cmpxchg(&head->first, first, READ_ONCE(first->next));
	} while (found != first);
	return first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		node->next = reversed;
		reversed = node;
	}
	return reversed;
}

#define llist_for_each(pos, node) for ((pos) = (node); (pos); (pos) = (pos)->next)
#define llist_for_each_entry(pos, node, member)					\
	for (struct llist_node *__node = (node);				\
	     __node && (pos = llist_entry(__node, __typeof__(*pos), member), true); \
	     __node = __node->next)
#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))
#define llist_for_each_entry_safe(pos, n, node, member)				\
	for (struct llist_node *__node = (node), *__next;			\
	     __node && (pos = llist_entry(__node, __typeof__(*pos), member),	\
			__next = __node->next, n = pos, true);			\
	     __node = __next)

#endif /* _SHIM_MORELIST_H */
