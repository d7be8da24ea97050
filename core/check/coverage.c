// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rare paths, counted from trace events.
 *
 * Built without instrumentation.
 */
#include <string.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

/*
 * Paths that depend on the event's values or the ghost state, not just on its name. Runs on every
 * event, so it must be cheap.
 */
void coverage_trace(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev;
	enum cover_special special = NR_COVER_SPECIALS;

	t->events[rec->id]++;
	switch (rec->id) {
	case TRACE_swap_table_slept:
		if (rec->swap_table_slept.table)
			special = COVER_SLEEP_OK;
		break;
	case TRACE_swap_table_relocked:
		if (rec->swap_table_relocked.cpu != rec->swap_table_relocked.before)
			special = COVER_MIGRATED;
		break;
	case TRACE_swapoff_round:
		if (rec->swapoff_round.round == 2)
			special = COVER_SECOND_ROUND;
		break;
	case TRACE_swapoff_reinserted:
		if (rec->swapoff_reinserted.err == EINTR)
			special = COVER_SIGNALLED;
		break;
	case TRACE_swapoff_killed:
		if (rec->swapoff_killed.refs)
			special = COVER_REF_OUTSTANDING;
		break;
	case TRACE_swap_alloc_taken:
		/* ci->lock is held; the first allocation sets the order, so this was not it */
		if (rec->swap_alloc_taken.nr == 1 && rec->ci->order)
			special = COVER_STOLEN;
		break;
	case TRACE_swap_cluster_discard_unlinked:
		dev = ghost_device(rec->si);
		if (dev && RAW_ADD(dev->discarding, 1))
			special = COVER_DISCARD_RACE;
		break;
	case TRACE_swap_cluster_discard_done:
		dev = ghost_device(rec->si);
		if (dev)
			RAW_ADD(dev->discarding, -1);
		break;
	case TRACE_swap_hib_alloc:
		dev = ghost_device(rec->si);
		/* its own slot is in usage, but not yet in nr_hib */
		if (dev && RAW(dev->usage) > RAW(dev->nr_hib) + 1)
			special = COVER_HIB_BESIDE;
		break;
	case TRACE_swap_hib_free:
		dev = ghost_device(rec->si);
		if (dev && RAW(dev->usage) * 8 >= (long)rec->si->pages * 7)
			special = COVER_HIB_NEARLY_FULL;
		break;
	default:
		break;
	}
	if (special != NR_COVER_SPECIALS)
		t->special[special]++;
}

unsigned long coverage_event(enum trace_id id)
{
	struct ghost_task *t;
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; (t = ghost_task_at(i)); i++)
		sum += RAW(t->events[id]);
	return sum;
}

static unsigned long special(enum cover_special which)
{
	struct ghost_task *t;
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; (t = ghost_task_at(i)); i++)
		sum += RAW(t->special[which]);
	return sum;
}

void coverage_reset(void)
{
	struct ghost_task *t;
	unsigned int i;

	for (i = 0; (t = ghost_task_at(i)); i++) {
		__builtin_memset(t->events, 0, sizeof(t->events));
		__builtin_memset(t->special, 0, sizeof(t->special));
	}
}

#define BOTH(a, b) min(coverage_event(TRACE_##a), coverage_event(TRACE_##b))
#define COUNT_EVENT(fn, event) \
	static unsigned long fn(void) { return coverage_event(TRACE_##event); }
#define COUNT_SPECIAL(fn, which) \
	static unsigned long fn(void) { return special(which); }

static unsigned long grace_periods(void)
{
	struct rcu_stat stat;

	rcu_stat_read(&stat);
	return stat.grace_periods;
}

static unsigned long reader_saw_none(void)
{
	return BOTH(swap_table_freed, swap_table_reader_none);
}

static unsigned long reclaim_dropped(void)
{
	return coverage_event(TRACE_swap_reclaim_unlocked) + coverage_event(TRACE_swap_reclaim_full);
}

static unsigned long extend_freed(void)
{
	return BOTH(swap_extend_attached, swap_extend_freed);
}

COUNT_EVENT(contended, swap_cluster_contended)
COUNT_EVENT(atomic_failed, swap_table_atomic_failed)
COUNT_SPECIAL(sleep_ok, COVER_SLEEP_OK)
COUNT_EVENT(putback, swap_table_putback)
COUNT_SPECIAL(migrated, COVER_MIGRATED)
COUNT_SPECIAL(second_round, COVER_SECOND_ROUND)
COUNT_SPECIAL(signalled, COVER_SIGNALLED)
COUNT_SPECIAL(ref_outstanding, COVER_REF_OUTSTANDING)
COUNT_EVENT(hint_cleared, swapoff_hint_cleared)
COUNT_EVENT(fork_retried, mm_fork_retry)
COUNT_EVENT(fell_back, mm_large_fell_back)
COUNT_SPECIAL(stolen, COVER_STOLEN)
COUNT_EVENT(split, mm_split_cached)
COUNT_EVENT(discard_waited, swap_alloc_discard_retry)
COUNT_SPECIAL(discard_race, COVER_DISCARD_RACE)
COUNT_SPECIAL(hib_beside, COVER_HIB_BESIDE)
COUNT_SPECIAL(hib_nearly_full, COVER_HIB_NEARLY_FULL)

const struct rare_path rare_paths[] = {
	{ "grace periods ended", COVER_ALL, grace_periods },
	{ "table freed and a reader saw none", COVER_ALL, reader_saw_none },
	{ "isolation skipped a contended cluster", COVER_ALL, contended },
	{ "reclaim dropped the lock", COVER_ALL, reclaim_dropped },
	{ "atomic table allocation failed", COVER_PRESSURE, atomic_failed },
	{ "sleeping one succeeded", COVER_PRESSURE, sleep_ok },
	{ "sleeping one failed and the cluster was put back", COVER_PRESSURE, putback },
	{ "migrated across it", COVER_PRESSURE, migrated },
	{ "unuse needed a second round", COVER_SWAPOFF, second_round },
	{ "reinserted after a signal", COVER_SWAPOFF, signalled },
	{ "reference killed while one was outstanding", COVER_SWAPOFF, ref_outstanding },
	{ "hint named the device when it went", COVER_SWAPOFF, hint_cleared },
	{ "extend table attached and freed again", COVER_REDIS | COVER_KBUILD, extend_freed },
	{ "dup failed and was retried outside the locks", COVER_REDIS | COVER_KBUILD, fork_retried },
	{ "order > 0 fell back", COVER_THP, fell_back },
	{ "order 0 stole from another order", COVER_THP, stolen },
	{ "split of a cached folio", COVER_THP, split },
	{ "allocation waited for a discard", COVER_DISCARD, discard_waited },
	{ "discard raced a worker", COVER_DISCARD, discard_race },
	{ "slots allocated beside folios", COVER_HIBERNATE, hib_beside },
	{ "freed with the device nearly full", COVER_HIBERNATE, hib_nearly_full },
};
const unsigned int nr_rare_paths = ARRAY_SIZE(rare_paths);

unsigned long coverage_count(const struct rare_path *path)
{
	return path->count();
}

unsigned int coverage_print(FILE *out, unsigned int workload)
{
	unsigned int i, missed = 0;
	unsigned long count;

	for (i = 0; i < nr_rare_paths; i++) {
		if (!(rare_paths[i].workloads & workload))
			continue;
		count = coverage_count(&rare_paths[i]);
		missed += !count;
		fprintf(out, "  %-52s %12lu%s\n", rare_paths[i].name, count,
			count ? "" : "  not reached");
	}
	return missed;
}

#else

const struct rare_path rare_paths[1];
const unsigned int nr_rare_paths;

#endif /* CHECK_ON */

unsigned int coverage_workload(const char *name)
{
	static const struct {
		const char *name;
		enum cover_workload workload;
	} names[] = {
		{ "pressure", COVER_PRESSURE }, { "swapoff", COVER_SWAPOFF },
		{ "redis", COVER_REDIS }, { "kbuild", COVER_KBUILD }, { "thp", COVER_THP },
		{ "discard", COVER_DISCARD }, { "hibernate", COVER_HIBERNATE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].workload;
	return COVER_OTHER;
}
