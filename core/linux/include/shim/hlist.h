/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists with a head of one pointer, and hash tables of them: no file of the tree uses them, but a patch may. The _rcu
 * ones may be read while they change, as those of morelist.h.
 */
#ifndef _SHIM_HLIST_H
#define _SHIM_HLIST_H

#include "bits.h"
#include "morelist.h"

struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};

#define HLIST_HEAD_INIT { .first = NULL }
#define HLIST_HEAD(name) struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head) ((void)((head)->first = NULL))
#define INIT_HLIST_NODE(node) ((void)(*(node) = (struct hlist_node){ NULL, NULL }))
#define HLIST_POISON ((struct hlist_node *)LIST_POISON1)
#define hlist_entry(p, type, member) container_of(p, type, member)
#define hlist_entry_safe(p, type, member) ({					\
	struct hlist_node *__entry = (p);					\
	__entry ? hlist_entry(__entry, type, member) : NULL;			\
})
#define hlist_empty(head) (!READ_ONCE((head)->first))
#define hlist_unhashed(node) (!(node)->pprev)
#define hlist_unhashed_lockless(node) (!READ_ONCE((node)->pprev))

static inline void __hlist_verify(const struct hlist_node *node, const char *what)
{
	if (unlikely(node->pprev == (struct hlist_node **)LIST_POISON2 || *node->pprev != node))
		harness_fail("LIST", CODE_SITE, "%s of an entry that is on no list", what);
}

/* @node where *@at is; readers see it with all that was stored in it. */
static inline void __hlist_insert(struct hlist_node *node, struct hlist_node **at)
{
	struct hlist_node *next = *at;

	node->next = next;
	node->pprev = at;
	smp_store_release(at, node);
	if (next)
		next->pprev = &node->next;
}

/* Readers may still go on from @node. */
static inline void __hlist_remove(struct hlist_node *node, const char *what)
{
	__hlist_verify(node, what);
	WRITE_ONCE(*node->pprev, node->next);
	if (node->next)
		node->next->pprev = node->pprev;
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	__hlist_insert(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	__hlist_verify(next, "hlist_add_before");
	__hlist_insert(node, next->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
	__hlist_insert(node, &prev->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node **at = &head->first;

	while (*at)
		at = &(*at)->next;
	__hlist_insert(node, at);
}

static inline void hlist_del(struct hlist_node *node)
{
	__hlist_remove(node, "hlist_del");
	node->next = HLIST_POISON;
	node->pprev = (struct hlist_node **)LIST_POISON2;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_remove(node, "hlist_del_init");
	INIT_HLIST_NODE(node);
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	__hlist_remove(node, "hlist_del_rcu");
	node->pprev = (struct hlist_node **)LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_remove(node, "hlist_del_init_rcu");
	WRITE_ONCE(node->pprev, NULL);
}

static inline void hlist_move_list(struct hlist_head *from, struct hlist_head *to)
{
	to->first = from->first;
	if (to->first)
		to->first->pprev = &to->first;
	from->first = NULL;
}

#define hlist_add_head_rcu(node, head) hlist_add_head(node, head)
#define hlist_add_before_rcu(node, next) hlist_add_before(node, next)
#define hlist_add_behind_rcu(node, prev) hlist_add_behind(node, prev)
#define __hlist_for_each(pos, load, head, member)				\
	for (pos = hlist_entry_safe(load((head)->first), __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe(load((pos)->member.next), __typeof__(*(pos)), member))
#define __hlist_plain(p) (p)
#define __hlist_acquire(p) smp_load_acquire(&(p))
#define hlist_for_each_entry(pos, head, member) __hlist_for_each(pos, __hlist_plain, head, member)
#define hlist_for_each_entry_rcu(pos, head, member, ...) __hlist_for_each(pos, __hlist_acquire, head, member)
#define hlist_for_each_entry_safe(pos, n, head, member)				\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member);	\
	     pos && ((n) = (pos)->member.next, true);				\
	     pos = hlist_entry_safe(n, __typeof__(*(pos)), member))

/* --- hash tables ------------------------------------------------------------------------------ */

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
/* all zeroes is empty */
#define DEFINE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)] = { HLIST_HEAD_INIT }
#define HASH_SIZE(table) ARRAY_SIZE(table)
#define HASH_BITS(table) ilog2(HASH_SIZE(table))
#define hash_min(value, bits) (sizeof(value) <= 4 ? hash_32(value, bits) : hash_long(value, bits))
#define hash_ptr(p, bits) hash_long((unsigned long)(p), bits)
#define __hash_bucket(table, key) (&(table)[hash_min(key, HASH_BITS(table))])
#define hash_init(table) memset(table, 0, sizeof(table))
#define hash_hashed(node) (!hlist_unhashed(node))
#define hash_add(table, node, key) hlist_add_head(node, __hash_bucket(table, key))
#define hash_add_rcu(table, node, key) hlist_add_head_rcu(node, __hash_bucket(table, key))
#define hash_del(node) hlist_del_init(node)
#define hash_del_rcu(node) hlist_del_init_rcu(node)
#define hash_empty(table) ({							\
	unsigned int __bkt = 0;							\
	while (__bkt < HASH_SIZE(table) && hlist_empty(&(table)[__bkt]))	\
		__bkt++;							\
	__bkt == HASH_SIZE(table);						\
})
#define __hash_buckets(table, bkt, pos) \
	for ((bkt) = 0, pos = NULL; !(pos) && (bkt) < HASH_SIZE(table); (bkt)++)
#define hash_for_each(table, bkt, pos, member) \
	__hash_buckets(table, bkt, pos) hlist_for_each_entry(pos, &(table)[bkt], member)
#define hash_for_each_rcu(table, bkt, pos, member) \
	__hash_buckets(table, bkt, pos) hlist_for_each_entry_rcu(pos, &(table)[bkt], member)
#define hash_for_each_safe(table, bkt, n, pos, member) \
	__hash_buckets(table, bkt, pos) hlist_for_each_entry_safe(pos, n, &(table)[bkt], member)
#define hash_for_each_possible(table, pos, member, key) \
	hlist_for_each_entry(pos, __hash_bucket(table, key), member)
#define hash_for_each_possible_rcu(table, pos, member, key, ...) \
	hlist_for_each_entry_rcu(pos, __hash_bucket(table, key), member)
#define hash_for_each_possible_safe(table, pos, n, member, key) \
	hlist_for_each_entry_safe(pos, n, __hash_bucket(table, key), member)

#endif /* _SHIM_HLIST_H */
