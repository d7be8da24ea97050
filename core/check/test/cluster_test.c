// SPDX-License-Identifier: GPL-2.0-only
/*
 * The checks under ci->lock and si->lock: each fires when the state is broken by hand, and
 * when the broken line is left out it does not.
 */
#include "firing.h"

/* Cluster 0 has the header: NONFULL, count 1. Cluster 1 is FREE. */

static void count_without_word(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->count++;
	unlock_cluster(ci);
}

static void flags_without_list(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->flags = CLUSTER_FLAG_FRAG;
	unlock_cluster(ci);
}

static void garbage_flags(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->flags = CLUSTER_FLAG_MAX;
	unlock_cluster(ci);
}

static void order_of_free_cluster(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 1);

	if (broken)
		ci->order = 1;
	unlock_cluster(ci);
}

/* A cached folio's first word. Return: its old value. */
static unsigned long replace_word(struct folio *folio, unsigned long word) __no_context_analysis
{
	struct swap_cluster_info *ci = swap_cluster_get_and_lock(folio);
	unsigned int i = swp_offset(folio->swap) % SWAPFILE_CLUSTER;
	unsigned long old = __swap_table_get(ci, i);

	__swap_table_set(ci, i, broken ? word : old);
	swap_cluster_unlock(ci);
	return old;
}

static void shadow_without_count(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	replace_word(folio, shadow_to_swp_tb(NULL, 0));
	test_folio_free(folio);
}

/* A folio is charged to another cgroup than its slot. */
static void folio_of_another_cgroup(void)
{
	struct folio *folio;
	struct swap_cluster_info *ci;

	device_on(32, 0, 1);
	folio = test_folio(0);
	folio->memcg = 1;
	if (folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "no slot");
	ci = lock_cluster(0, 0);
	folio->memcg = broken ? 2 : 1;
	unlock_cluster(ci);
	test_folio_free(folio);
}

/* A slot that is free again keeps its id. */
static void free_slot_charged(void)
{
	struct folio *folio, *other;
	struct swap_cluster_info *ci;
	unsigned int i;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	other = test_folio_cached(0);
	i = swp_cluster_offset(other->swap);
	test_folio_free(other);
	ci = lock_cluster(0, 0);
	__swap_cgroup_set(ci, i, 1, broken ? memcg_id(1) : 0);
	unlock_cluster(ci);
	test_folio_free(folio);
}

static void illegal_word(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	replace_word(folio, 0x4);
	test_folio_free(folio);
}

static void saturated_without_extend(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	replace_word(folio, pfn_to_swp_tb(folio_pfn(folio), SWP_TB_COUNT_MAX << 1));
	test_folio_free(folio);
}

static void needless_extend(void) __no_context_analysis
{
	static unsigned int extend[SWAPFILE_CLUSTER_MAX];
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->extend_table = extend;
	unlock_cluster(ci);
}

static void folio_without_flag(void) __no_context_analysis
{
	struct swap_cluster_info *ci;
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	ci = swap_cluster_get_and_lock(folio);
	if (broken)
		folio_clear_swapcache(folio);
	swap_cluster_unlock(ci);
	test_folio_free(folio);
}

static void folio_elsewhere(void) __no_context_analysis
{
	struct swap_cluster_info *ci;
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(1);
	ci = swap_cluster_get_and_lock(folio);
	if (broken)
		folio->swap.val += 2;
	swap_cluster_unlock(ci);
	test_folio_free(folio);
}

static void folio_partly_named(void)
{
	struct folio *folio, *other;

	device_on(32, 0, 1);
	folio = test_folio_cached(1);
	other = test_folio_cached(1);
	replace_word(folio, pfn_to_swp_tb(folio_pfn(other), 0));
	test_folio_free(folio);
	test_folio_free(other);
}

static void bad_slot_heals(void)
{
	unsigned int type = device_on(32, 0, 1);
	struct folio *folio = test_folio_cached(0);
	struct swap_cluster_info *ci = lock_cluster(type, 0);

	if (broken) {
		__swap_table_set(ci, 0, null_to_swp_tb());
		ci->count--;
	}
	unlock_cluster(ci);
	test_folio_free(folio);
}

static void free_with_count(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 1);

	if (broken)
		ci->count = 1;
	unlock_cluster(ci);
}

static void nonfull_is_full(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->count = SWAPFILE_CLUSTER;
	unlock_cluster(ci);
}

/* Isolated, and left so. */
static void isolated_and_lost(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci;

	ci = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);
	if (!broken)
		relocate_cluster(si, ci);
	trace_swap_cluster_unclaimed(si, ci);
	unlock_cluster(ci);
}

/* On no list, and no task has said that it took it. */
static void unlisted_without_claim(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct ghost_device *dev = ghost_device(device(type));
	struct swap_cluster_info *ci = lock_cluster(type, 0);

	if (broken) {
		ghost_cluster(dev, ci)->list = CLUSTER_FLAG_NONE;
		ci->flags = CLUSTER_FLAG_NONE;
	}
	unlock_cluster(ci);
}

/* Isolated from the free list without a table, and no task is allocating one. */
static void dangling(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci = lock_cluster(type, 1);

	if (broken) {
		spin_lock(&si->lock);
		list_del(&ci->list);
		trace_swap_cluster_isolated(si, ci, ci->flags);
		ci->flags = CLUSTER_FLAG_NONE;
		spin_unlock(&si->lock);
	}
	unlock_cluster(ci);
}

static void off_its_list(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);

	spin_lock(&si->lock);
	if (broken)
		list_del_init(&si->cluster_info[1].list);
	spin_unlock(&si->lock);
}

static void on_another_list(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);

	spin_lock(&si->lock);
	if (broken)
		list_move_tail(&si->cluster_info[1].list, &si->full_clusters);
	spin_unlock(&si->lock);
}

static void order_changed_on_list(void)
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 0);

	if (broken)
		ci->order = 1;
	unlock_cluster(ci);
}

static void list_of_another_order(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);

	spin_lock(&si->lock);
	if (broken)
		list_move_tail(&si->cluster_info[0].list, &si->nonfull_clusters[1]);
	spin_unlock(&si->lock);
}

/* checks.def: each id once, with both sentences. */
static void every_check_is_described(void **state)
{
	assert_non_null(check_sentence("INV-C1"));
	assert_null(check_sentence("INV-X"));
	for (unsigned int i = 0; check_id(i); i++) {
		assert_true(strlen(check_sentence(check_id(i))) > 10);
		assert_true(strlen(check_why(check_id(i))) > 10);
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(check_id(i), check_id(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_is_described),
		FIRING(INV-C1, count_without_word),
		FIRING(INV-C2, flags_without_list),
		FIRING(INV-C2, garbage_flags),
		FIRING(INV-C3, order_of_free_cluster),
		FIRING(INV-C4, shadow_without_count),
		FIRING(INV-C4, illegal_word),
		FIRING(INV-C10, free_slot_charged),
		FIRING(INV-C10, folio_of_another_cgroup),
		FIRING(INV-C4, saturated_without_extend),
		FIRING(INV-C4, needless_extend),
		FIRING(INV-C5, folio_without_flag),
		FIRING(INV-C5, folio_elsewhere),
		FIRING(INV-C5, folio_partly_named),
		FIRING(INV-C6, bad_slot_heals),
		FIRING(INV-C7, free_with_count),
		FIRING(INV-C7, nonfull_is_full),
		FIRING(INV-C8, isolated_and_lost),
		FIRING(INV-C8, unlisted_without_claim),
		FIRING(INV-C8, dangling),
		FIRING(INV-L1, off_its_list),
		FIRING(INV-L1, on_another_list),
		FIRING(INV-L2, order_changed_on_list),
		FIRING(INV-L2, list_of_another_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
