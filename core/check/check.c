// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of checks, and attaching them to the machine.
 *
 * Built without instrumentation.
 */
#include <string.h>
#include <machine/machine.h>
#include "ghost.h"

static const struct check {
	const char *id, *sentence, *why;
} checks[] = {
#define CHECK(id, sentence, why) { id, sentence, why },
#include "checks.def"
#undef CHECK
};

static const struct check *find_check(const char *id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(checks); i++)
		if (!strcmp(checks[i].id, id))
			return &checks[i];
	return NULL;
}

const char *check_sentence(const char *id)
{
	const struct check *check = find_check(id);

	return check ? check->sentence : NULL;
}

const char *check_why(const char *id)
{
	const struct check *check = find_check(id);

	return check ? check->why : NULL;
}

const char *check_id(unsigned int i)
{
	return i < ARRAY_SIZE(checks) ? checks[i].id : NULL;
}

const char *checks_left_out(void)
{
#ifdef CHECKS_WITHOUT
	return CHECKS_WITHOUT;
#else
	return "";
#endif
}

bool check_is_left_out(const char *id)
{
	const char *at = checks_left_out();
	size_t len = strlen(id);

	while (*at && (strncmp(at, id, len) || (at[len] && at[len] != ','))) {
		at += strcspn(at, ",");
		at += *at == ',';
	}
	return *at;
}

#ifdef CHECK_ON

/* Runs in the task that caused the event, with the locks of that place: never blocks. */
static void check_probe(const struct trace_record *rec)
{
	struct ghost_task *t = ghost_task();

	coverage_trace(t, rec);
	last_event(rec);
	ghost_device_event(t, rec);
	claims_event(t, rec);
	/* of an allocation that fails, why it should not goes before that it should not */
	result_event(t, rec);
	told_event(t, rec);
	pinned_event(rec);
	progress_event(t, rec);
	reclaim_event(t, rec);
	policy_event(t, rec);
	priority_event(t, rec);
	avail_event(t, rec);
}

void check_init(void)
{
	ghost_reset();
	progress_reset();
	result_reset();
	told_reset();
	report_set_sentence(check_sentence);
	trace_attach(NR_TRACE_EVENTS, check_probe);
	lock_class_set_check(lock_class_cluster, check_cluster_lock);
	lock_class_set_check(lock_class_swap_info, check_info_lock);
	lock_class_set_check(lock_class_swap_lock, check_swap_lock);
	percpu_ref_set_check(check_pinned);
}

void check_exit(void)
{
	lock_class_set_check(lock_class_cluster, NULL);
	lock_class_set_check(lock_class_swap_info, NULL);
	lock_class_set_check(lock_class_swap_lock, NULL);
	percpu_ref_set_check(NULL);
	trace_detach_all();
	ghost_reset();
}

#endif /* CHECK_ON */
