// SPDX-License-Identifier: GPL-2.0-only
/* What engines count and find. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fuzz/program/mutant_name.h>
#include <kernel/bug.h>
#include <kernel/mutant.h>
#include <util/text.h>
#include "engine.h"

#define MUTANTS_ON_MAX 16

static const struct program *running;
static const char *running_mutant;

struct progress *progress_create(void)
{
	struct progress *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

static struct progress *counted;
static pairs_fn watching;

static void count_pair(u32 pair)
{
	if (watching)
		watching(pair);
	if (!pairs_add(&counted->program_pairs, pair))
		return;
	counted->new_pairs++;
	counted->behaviours += pairs_add(&counted->pairs, pair);
}

void progress_program(struct progress *p)
{
	p->new_pairs = 0;
	memset(&p->program_pairs, 0, sizeof(p->program_pairs));
	p->portfolio = (struct portfolio){ 0 };
}

void progress_begin(struct progress *p)
{
	counted = p;
	p->mutant_met = false;
	mutant_reached = &p->mutant_met;
	pairs_begin(count_pair);
}

void progress_watch(pairs_fn watch)
{
	watching = watch;
}

void progress_count(struct progress *p)
{
	u64 hash = sim_trace_hash() % TRACES_BITS, bit = BIT(hash % 64);

	p->schedules++;
	p->mutant_schedules += p->mutant_met;
	p->hash += sim_trace_hash();
	p->points += sim_points();
	p->contended += sim_contended_points();
	if (!(p->seen[hash / 64] & bit)) {
		p->seen[hash / 64] |= bit;
		p->traces++;
	}
}

static struct mutant_name {
	char name[PROGRAM_MUTANT_MAX];
} switched_on[MUTANTS_ON_MAX];
static unsigned int nr_switched_on;

static int engine_switch_on(const char *name, int (*how)(const char *name, char *why))
{
	char why[MUTANT_WHY];

	if (how(name, why)) {
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, why);
		return -1;
	}
	if (nr_switched_on < MUTANTS_ON_MAX)
		snprintf(switched_on[nr_switched_on++].name, PROGRAM_MUTANT_MAX, "%s", name);
	return 0;
}

int engine_mutant(const char *name)
{
	return engine_switch_on(name, mutant_switch_on);
}

int engine_mutant_option(const char *name)
{
	return engine_switch_on(name, mutant_option);
}

void engine_mutants_print(FILE *out, const char *known)
{
	unsigned int i;

	for (i = 0; i < nr_switched_on; i++)
		if (strcmp(switched_on[i].name, known))
			fprintf(out, " --mutant %s", switched_on[i].name);
}

void child_program(const struct program *prog, const char *mutant)
{
	running = prog;
	running_mutant = mutant;
}

const char *finding_text_as(const char *check, size_t *len)
{
	static struct program prog;	/* a fiber's stack is too small for it */
	static struct text_memory memory;
	unsigned int nr;
	FILE *file;

	file = running ? text_memory_begin(&memory) : NULL;
	if (!file)
		return NULL;
	prog = *running;
	prog.choices = (struct choice *)sim_choices(&nr);
	prog.nr_choices = nr;
	prog.nr_reaches = 0;
	prog.has_expect = true;
	snprintf(prog.expect, sizeof(prog.expect), "%s", check);
	snprintf(prog.mutant, sizeof(prog.mutant), "%s", running_mutant ? : "");
	program_print(file, &prog);
	if (!text_memory_end(&memory))
		return NULL;
	*len = memory.len;
	return memory.text;
}

const char *finding_text(size_t *len)
{
	return finding_text_as(report_check(), len);
}
