// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trials: does a program still fail in the same way? Each is a child that replays the choices
 * that are left and then searches around them, until something fails. Built without
 * instrumentation, as whatever runs programs.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/bug.h>
#include <util/process.h>
#include "shrink.h"

#define WRONG_MAX 3			/* other failures met until a trial is given up */
#define GRACE_SECONDS 1.2		/* for jobs to end by themselves after an interrupt */
#define DROP 8				/* a kept choice is dropped with probability 1/8 */

/* Shared with the children of one trial. */
struct slot {
	unsigned int at;		/* 0: replay; else the number of the search */
	unsigned long runs;
	bool hit;
	bool recorded;			/* the failed run's choices: */
	unsigned int nr;
	struct choice choices[SIM_CHOICES_MAX];
};

static struct slot *slots[JOBS_MAX], *slot;
static char target[OUTCOME_KEY];
static struct choice *kept;		/* of the schedule that runs */

void trials_init(void)
{
	unsigned int i;

	for (i = 0; i < JOBS_MAX; i++) {
		slots[i] = mmap(NULL, sizeof(*slots[i]), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (slots[i] == MAP_FAILED) {
			perror("mmap");
			exit(2);
		}
	}
	kept = calloc(SIM_CHOICES_MAX, sizeof(*kept));
	if (!kept)
		abort();
}

/* --- the child -------------------------------------------------------------------------------- */

/* The choices up to the failure, in place of a finding. */
static void record(FILE *out)
{
	const struct choice *choices = sim_choices(&slot->nr);

	memcpy(slot->choices, choices, slot->nr * sizeof(*choices));
	slot->recorded = true;
}

u64 program_hash(const struct program *prog)
{
	u64 hash = 14695981039346656037UL;
	char *text = NULL;
	size_t len, i;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		abort();
	program_print(file, prog);
	if (fclose(file))
		abort();
	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211UL;
	free(text);
	return hash;
}

/*
 * In turns: most of the kept choices and defaults for the rest; most of them and a strategy;
 * a strategy alone, choosing values, too, or not.
 */
static void schedule_set(const struct program *prog, unsigned int at, struct rng *rng)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM };
	unsigned int i, nr = 0;

	if (!at) {
		sim_set_strategy(&sim_strategy_default);
		sim_set_replay(prog->choices, prog->nr_choices);
		return;
	}
	if (rng_below(rng, 2))
		config.kind = STRATEGY_PCT;
	config.depth = 1 + rng_below(rng, 4);
	config.values = at % 4 != 3;
	if (at % 4 == 1 && prog->nr_choices)
		config.kind = STRATEGY_DEFAULT;
	strategy_set(&config);
	strategy_seed(rng_next(rng));
	for (i = 0; i < prog->nr_choices && at % 4 < 3; i++)
		if (rng_below(rng, DROP))
			kept[nr++] = prog->choices[i];
	sim_set_replay(kept, nr);
}

static int run_schedules(void *arg)
{
	const struct trial *trial = arg;
	unsigned int i;
	struct rng rng;
	u64 seed = 0;

	report_add_hook(record);
	if (trial->searches)
		seed = program_hash(&trial->prog);
	for (; slot->at <= trial->searches; slot->at++) {
		rng.state = seed + slot->at;
		for (i = slot->at ? 1 : outcome_runs(&trial->prog); i; i--) {
			schedule_set(&trial->prog, slot->at, &rng);
			slot->runs++;
			program_run(&trial->prog);
		}
	}
	return 0;
}

/* --- the same way ------------------------------------------------------------------------------- */

static void outcome_name(struct outcome *out)
{
	if (!out->check[0])
		snprintf(out->check, sizeof(out->check), "EXIT-%d", out->status);
}

static bool same_failure(struct outcome *out)
{
	char key[OUTCOME_KEY];

	outcome_name(out);
	outcome_key(out, key);
	return !strcmp(key, target);
}

static void take_choices(struct program *prog)
{
	if (!slot->recorded)
		return;
	free(prog->choices);
	prog->choices = NULL;
	prog->nr_choices = slot->nr;
	if (!slot->nr)
		return;
	prog->choices = malloc(slot->nr * sizeof(*prog->choices));
	if (!prog->choices)
		abort();
	memcpy(prog->choices, slot->choices, slot->nr * sizeof(*prog->choices));
}

/* One child. Return: did something fail? @same: the right thing? */
static bool run_child(struct trial *trial, bool *same)
{
	struct outcome out;
	bool failed;

	slot->recorded = false;
	child_run(run_schedules, trial, false, &out);
	failed = out.status && out.end != CHILD_INTERRUPTED && out.end != CHILD_KILLED;
	*same = failed && same_failure(&out);
	outcome_destroy(&out);
	return failed;
}

/*
 * In the parent or in one of its jobs. A failure that a search finds counts if it fails in a
 * process of its own, too: a sanitizer may remember what earlier schedules did.
 */
static void trial_evaluate(struct trial *trial)
{
	struct trial again;
	unsigned int wrong = 0;
	bool same;

	slot->at = 0;
	slot->runs = 0;
	slot->hit = false;
	while (slot->at <= trial->searches && run_child(trial, &same)) {
		if (!same) {
			slot->at++;
			if (++wrong > WRONG_MAX)
				return;
			continue;
		}
		slot->hit = true;
		if (!slot->at)
			return;
		again = (struct trial){ .prog = trial->prog };
		again.prog.choices = NULL;
		take_choices(&again.prog);
		slot->at = 0;
		slot->hit = slot->recorded && run_child(&again, &same) && same;
		program_destroy(&again.prog);
		return;
	}
}

/* In the parent: what the slot says. */
static void trial_finish(struct trial *trial)
{
	trial->hit = slot->hit;
	trial->runs = slot->runs;
	if (trial->hit)
		take_choices(&trial->prog);
}

/* What a job says that has been killed counts for nothing: the search is over then. */
static void wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		usleep(500);
		if (interrupted_for() > GRACE_SECONDS)
			kill(pid, SIGKILL);
	}
}

void trials_run(struct trial *trials, unsigned int nr)
{
	pid_t pids[JOBS_MAX];
	unsigned int i;

	for (i = 0; i < nr && nr > 1; i++) {
		slot = slots[i];
		pids[i] = process_fork();
		if (pids[i])
			continue;
		trial_evaluate(&trials[i]);
		_exit(0);
	}
	for (i = 0; i < nr; i++) {
		slot = slots[i];
		if (nr > 1)
			wait_for(pids[i]);
		else
			trial_evaluate(&trials[i]);
		trial_finish(&trials[i]);
	}
}

/* --- the failure to look for ------------------------------------------------------------------- */

static bool choices_equal(const struct program *a, const struct program *b)
{
	return a->nr_choices == b->nr_choices &&
	       (!a->nr_choices || !memcmp(a->choices, b->choices,
					  a->nr_choices * sizeof(*a->choices)));
}

bool trials_verify(const struct program *prog, unsigned int times)
{
	struct trial trial = { };
	bool good = true;

	while (times-- && good) {
		program_copy(&trial.prog, prog);
		trials_run(&trial, 1);
		good = trial.hit && choices_equal(&trial.prog, prog);
		program_destroy(&trial.prog);
	}
	return good;
}

bool trials_aim(struct program *prog, struct outcome *out, bool *steady)
{
	struct trial trial = { .prog = *prog };

	slot = slots[0];
	slot->at = 0;
	slot->recorded = false;
	child_run(run_schedules, &trial, false, out);
	if (!out->status || out->end == CHILD_INTERRUPTED || out->end == CHILD_KILLED)
		return false;
	outcome_name(out);
	outcome_key(out, target);
	take_choices(prog);
	*steady = trials_verify(prog, 3);
	return true;
}
