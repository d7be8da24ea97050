// SPDX-License-Identifier: GPL-2.0-only
/* Bits and lists that only patches to a tree use: they do what the kernel's do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <core/linux/include/shim/bits.h>
#include <core/linux/include/shim/hlist.h>
#include <core/linux/include/shim/moreatomic.h>
#include <core/linux/include/shim/morelist.h>
#include <core/linux/include/shim/seqlock.h>

#define BITS 130

static void powers(void **state)
{
	assert_int_equal(fls(0), 0);
	assert_int_equal(fls(1), 1);
	assert_int_equal(fls(0x80000000U), 32);
	assert_int_equal(fls64(ULONG_MAX), 64);
	assert_int_equal(__ffs(8UL), 3);
	assert_int_equal(__fls(9UL), 3);
	assert_int_equal(ffz(7UL), 3);
	assert_int_equal(ilog2(1), 0);
	assert_int_equal(ilog2(1023), 9);
	assert_true(is_power_of_2(8) && !is_power_of_2(0) && !is_power_of_2(6));
	assert_int_equal(roundup_pow_of_two(1), 1);
	assert_int_equal(roundup_pow_of_two(5), 8);
	assert_int_equal(roundup_pow_of_two(8), 8);
	assert_int_equal(rounddown_pow_of_two(9), 8);
	assert_int_equal(order_base_2(1), 0);
	assert_int_equal(order_base_2(5), 3);
	assert_int_equal(get_order(1), 0);
	assert_int_equal(get_order(PAGE_SIZE + 1), 1);
	assert_int_equal(hweight_long(0xf0fUL), 8);
	assert_int_equal(GENMASK(5, 2), 0x3c);
	assert_int_equal(FIELD_GET(GENMASK(5, 2), 0xffUL), 15);
	assert_int_equal(FIELD_PREP(GENMASK(5, 2), 5), 0x14);
}

static void numbers(void **state)
{
	int sum, i = 1;

	assert_int_equal(min(i++, 5), 1);
	assert_int_equal(i, 2);
	assert_true(max(2U, 1UL << 40) == 1UL << 40 && min(1UL << 40, 2U) == 2);
	assert_int_equal(clamp(5, 1, 3), 3);
	assert_int_equal(clamp(-5, -1, 3), -1);
	assert_int_equal(clamp_t(unsigned long, 2, 1, 3), 2);
	assert_int_equal(umin(3, 5UL), 3);
	assert_int_equal(umax(3, 5UL), 5);
	assert_int_equal(min_not_zero(0, 5), 5);
	assert_int_equal(min_not_zero(3, 5), 3);
	assert_true(in_range(4, 4, 2) && in_range(5, 4, 2) && !in_range(6, 4, 2) && !in_range(3, 4, 2));
	assert_true(check_add_overflow(INT_MAX, 1, &sum));
	assert_false(check_add_overflow(1, 2, &sum));
	assert_int_equal(sum, 3);
	assert_true(size_mul(SIZE_MAX, 2) == SIZE_MAX && size_add(SIZE_MAX, 1) == SIZE_MAX);
	assert_int_equal(array_size(3, 4), 12);
}

/* Of a map with these bits of BITS set. */
static void bitmap_of(unsigned long *map, const unsigned int *bits, unsigned int nr)
{
	bitmap_zero(map, BITS);
	while (nr--)
		__set_bit(bits[nr], map);
}

static void bitmaps(void **state)
{
	static const unsigned int bits[] = { 3, 63, 64, 129 };
	DECLARE_BITMAP(map, BITS);
	unsigned long bit;
	unsigned int n = 0;

	bitmap_of(map, bits, ARRAY_SIZE(bits));
	for_each_set_bit(bit, map, BITS)
		assert_int_equal(bit, bits[n++]);
	assert_int_equal(n, ARRAY_SIZE(bits));
	assert_int_equal(bitmap_weight(map, BITS), ARRAY_SIZE(bits));
	assert_int_equal(bitmap_weight(map, 64), 2);
	assert_int_equal(find_next_bit(map, BITS, 65), 129);
	assert_int_equal(find_next_bit(map, 129, 65), 129);
	assert_int_equal(find_next_bit(map, BITS, BITS), BITS);
	assert_int_equal(find_first_zero_bit(map, BITS), 0);
	assert_int_equal(find_next_zero_bit(map, BITS, 63), 65);
	assert_int_equal(find_last_bit(map, BITS), 129);
	assert_int_equal(find_last_bit(map, 3), 3);
	bitmap_fill(map, BITS);
	assert_true(bitmap_full(map, BITS) && !bitmap_empty(map, BITS));
	bitmap_clear(map, 60, 10);
	assert_int_equal(bitmap_weight(map, BITS), BITS - 10);
	assert_int_equal(bitmap_find_next_zero_area(map, BITS, 0, 10, 0), 60);
	assert_int_equal(bitmap_find_next_zero_area(map, BITS, 0, 4, 3), 60);
	assert_int_equal(bitmap_find_next_zero_area(map, BITS, 61, 4, 3), 64);
	assert_true(bitmap_find_next_zero_area(map, BITS, 0, 11, 0) > BITS);
	bitmap_zero(map, BITS);
	assert_true(bitmap_empty(map, BITS));
	assert_int_equal(find_first_bit(map, BITS), BITS);
	assert_false(__test_and_set_bit(70, map));
	assert_true(__test_and_clear_bit(70, map) && !test_bit(70, map));
}

static void two_bitmaps(void **state)
{
	static const unsigned int in_a[] = { 3, 64, 129 }, in_b[] = { 3, 100 };
	DECLARE_BITMAP(a, BITS);
	DECLARE_BITMAP(b, BITS);
	DECLARE_BITMAP(to, BITS);

	bitmap_of(a, in_a, ARRAY_SIZE(in_a));
	bitmap_of(b, in_b, ARRAY_SIZE(in_b));
	assert_true(bitmap_and(to, a, b, BITS) && bitmap_weight(to, BITS) == 1 && test_bit(3, to));
	assert_true(bitmap_subset(to, a, BITS) && !bitmap_subset(a, b, BITS));
	bitmap_or(to, a, b, BITS);
	assert_int_equal(bitmap_weight(to, BITS), 4);
	bitmap_xor(to, a, b, BITS);
	assert_true(bitmap_weight(to, BITS) == 3 && !test_bit(3, to));
	assert_true(bitmap_andnot(to, a, b, BITS) && bitmap_weight(to, BITS) == 2);
	assert_false(bitmap_intersects(to, b, BITS));
	assert_true(bitmap_intersects(a, b, BITS) && !bitmap_equal(a, b, BITS));
	bitmap_copy(to, a, BITS);
	assert_true(bitmap_equal(to, a, BITS));
	bitmap_complement(to, a, BITS);
	assert_int_equal(bitmap_weight(to, BITS), BITS - 3);
	change_bit(3, to);
	assert_true(test_and_change_bit(3, to) && !test_bit(3, to));
}

struct item {
	struct list_head list;
	unsigned int n;
};

static struct item items[6];

/* The first @nr items, from 0 on. */
static void list_of(struct list_head *head, unsigned int from, unsigned int nr)
{
	INIT_LIST_HEAD(head);
	for (; nr; nr--, from++) {
		items[from].n = from;
		list_add_tail(&items[from].list, head);
	}
}

/* Is the list, forwards and backwards, the items that @digits name? */
static void assert_list(struct list_head *head, const char *digits)
{
	char found[8] = "", back[8] = "";
	struct list_head *p;
	unsigned int n = 0, i;
	struct item *item;

	list_for_each_entry(item, head, list)
		found[n++] = '0' + item->n;
	i = n;
	list_for_each_prev(p, head)
		back[--i] = '0' + list_entry(p, struct item, list)->n;
	assert_string_equal(found, digits);
	assert_string_equal(back, digits);
	assert_int_equal(list_count_nodes(head), n);
}

static void lists(void **state)
{
	LIST_HEAD(head);
	LIST_HEAD(other);
	struct item *item, *n;

	list_of(&head, 0, 2);
	list_of(&other, 2, 2);
	list_splice(&other, &head);
	assert_list(&head, "2301");
	list_of(&head, 0, 2);
	list_of(&other, 2, 2);
	list_splice_tail(&other, &head);
	assert_list(&head, "0123");
	list_of(&head, 0, 2);
	list_of(&other, 2, 2);
	list_splice_init(&other, &head);
	assert_list(&head, "2301");
	assert_list(&other, "");
	list_splice_init(&other, &head);
	list_of(&head, 0, 2);
	list_of(&other, 2, 2);
	list_splice_tail_init(&other, &head);
	assert_list(&head, "0123");
	assert_list(&other, "");
	list_cut_position(&other, &head, &items[1].list);
	assert_list(&other, "01");
	assert_list(&head, "23");
	list_cut_before(&other, &head, &items[2].list);
	assert_list(&other, "");
	list_rotate_left(&head);
	assert_list(&head, "32");
	list_of(&head, 0, 5);
	list_bulk_move_tail(&head, &items[1].list, &items[2].list);
	assert_list(&head, "03412");
	list_rotate_to_front(&items[4].list, &head);
	assert_list(&head, "41203");
	list_swap(&items[4].list, &items[2].list);
	assert_list(&head, "21403");
	list_swap(&items[0].list, &items[3].list);
	assert_list(&head, "21430");
	items[5].n = 5;
	list_replace_init(&items[1].list, &items[5].list);
	assert_list(&head, "25430");
	assert_true(list_empty(&items[1].list));
	list_for_each_entry_safe_reverse(item, n, &head, list)
		if (item->n % 2)
			list_del(&item->list);
	assert_list(&head, "240");
	list_del_rcu(&items[4].list);
	assert_list(&head, "20");
	list_add_rcu(&items[1].list, &head);
	list_add_tail_rcu(&items[3].list, &head);
	assert_list(&head, "1203");
	list_replace_rcu(&items[2].list, &items[4].list);
	assert_list(&head, "1403");
	assert_int_equal(list_first_or_null_rcu(&head, struct item, list)->n, 1);
	assert_null(list_last_entry_or_null(&other, struct item, list));
}

struct lockless {
	struct llist_node node;
	unsigned int n;
};

static void lockless_lists(void **state)
{
	struct lockless nodes[2] = { { .n = 0 }, { .n = 1 } }, *pos, *next;
	LLIST_HEAD(head);
	unsigned int seen = 2;

	assert_true(llist_empty(&head) && llist_add(&nodes[0].node, &head));
	assert_false(llist_add(&nodes[1].node, &head));
	llist_for_each_entry_safe(pos, next, llist_del_all(&head), node)
		assert_int_equal(pos->n, --seen);
	assert_true(!seen && llist_empty(&head));
	llist_add(&nodes[0].node, &head);
	llist_add(&nodes[1].node, &head);
	assert_ptr_equal(llist_del_first(&head), &nodes[1].node);
	llist_add(&nodes[1].node, &head);
	llist_for_each_entry(pos, llist_reverse_order(llist_del_all(&head)), node)
		assert_int_equal(pos->n, seen++);
	assert_int_equal(seen, 2);
	assert_null(llist_del_first(&head));
}

struct hashed {
	struct hlist_node node;
	unsigned int n;
};

/* Is the list the items that @digits name? */
static void assert_hlist(struct hlist_head *head, const char *digits)
{
	struct hlist_node **at = &head->first;
	struct hashed *pos;

	hlist_for_each_entry_rcu(pos, head, node) {
		assert_int_equal(pos->n, *digits++ - '0');
		assert_ptr_equal(pos->node.pprev, at);
		at = &pos->node.next;
	}
	assert_int_equal(*digits, 0);
}

static void hash_lists(void **state)
{
	struct hashed items_of[4] = { { .n = 0 }, { .n = 1 }, { .n = 2 }, { .n = 3 } }, *pos;
	struct hlist_node *n;
	HLIST_HEAD(head);
	HLIST_HEAD(other);

	assert_true(hlist_empty(&head) && hlist_unhashed(&items_of[0].node));
	hlist_add_head(&items_of[0].node, &head);
	hlist_add_behind(&items_of[1].node, &items_of[0].node);
	hlist_add_before(&items_of[2].node, &items_of[1].node);
	hlist_add_tail_rcu(&items_of[3].node, &head);
	assert_hlist(&head, "0213");
	hlist_move_list(&head, &other);
	assert_true(hlist_empty(&head));
	assert_hlist(&other, "0213");
	hlist_for_each_entry_safe(pos, n, &other, node)
		if (pos->n % 2)
			hlist_del(&pos->node);
	assert_hlist(&other, "02");
	hlist_del_init(&items_of[0].node);
	assert_true(hlist_unhashed(&items_of[0].node));
	hlist_del_init(&items_of[0].node);
	assert_hlist(&other, "2");
}

static void hash_tables(void **state)
{
	static DEFINE_HASHTABLE(table, 3);
	struct hashed items_of[20], *pos;
	unsigned int seen = 0, sum = 0;
	unsigned long bucket;

	assert_true(hash_empty(table));
	for (bucket = 0; bucket < ARRAY_SIZE(items_of); bucket++) {
		items_of[bucket].n = bucket;
		hash_add(table, &items_of[bucket].node, bucket);
	}
	hash_for_each(table, bucket, pos, node) {
		seen++;
		sum += pos->n;
	}
	assert_int_equal(seen, 20);
	assert_int_equal(sum, 190);
	hash_for_each_possible(table, pos, node, 7UL)
		seen -= pos->n == 7;
	assert_int_equal(seen, 19);
	for (bucket = 0; bucket < ARRAY_SIZE(items_of); bucket++)
		hash_del(&items_of[bucket].node);
	assert_true(hash_empty(table) && !hash_hashed(&items_of[0].node));
}

static void sequences(void **state)
{
	seqcount_t seq = SEQCNT_ZERO(seq);
	unsigned int start = read_seqcount_begin(&seq);

	assert_false(read_seqcount_retry(&seq, start));
	raw_write_seqcount_begin(&seq);
	assert_true(read_seqcount_retry(&seq, start) && raw_read_seqcount(&seq) % 2);
	raw_write_seqcount_end(&seq);
	assert_true(read_seqcount_retry(&seq, start));
	assert_false(read_seqcount_retry(&seq, read_seqcount_begin(&seq)));
}

static unsigned int released;

static void release(struct kref *kref)
{
	released++;
}

static void atomics(void **state)
{
	refcount_t ref = REFCOUNT_INIT(2);
	struct kref kref = KREF_INIT(1);
	atomic64_t wide = ATOMIC64_INIT(1L << 40);
	atomic_t n = ATOMIC_INIT(5);
	unsigned long word = 6;

	assert_int_equal(atomic_fetch_xor(3, &n), 5);
	assert_int_equal(atomic_read(&n), 6);
	assert_true(atomic_inc_unless_negative(&n) && !atomic_dec_unless_positive(&n));
	assert_true(atomic64_add_return(1, &wide) == (1L << 40) + 1 && !atomic64_dec_and_test(&wide));
	assert_int_equal(smp_cond_load_acquire(&word, VAL > 5), 6);
	assert_int_equal(atomic_cond_read_relaxed(&n, VAL == 7), 7);
	assert_int_equal(set_mask_bits(&word, 2UL, 8UL), 6);
	assert_int_equal(word, 12);
	assert_true(refcount_dec_not_one(&ref) && !refcount_dec_not_one(&ref));
	assert_true(refcount_read(&ref) == 1 && refcount_dec_if_one(&ref) && !refcount_dec_if_one(&ref));
	assert_false(refcount_add_not_zero(1, &ref));
	kref_get(&kref);
	assert_false(kref_put(&kref, release));
	assert_true(kref_put(&kref, release) && released == 1 && !kref_get_unless_zero(&kref));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(powers), cmocka_unit_test(numbers), cmocka_unit_test(bitmaps),
		cmocka_unit_test(two_bitmaps), cmocka_unit_test(hash_lists), cmocka_unit_test(hash_tables),
		cmocka_unit_test(sequences), cmocka_unit_test(atomics),
		cmocka_unit_test(lists), cmocka_unit_test(lockless_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
