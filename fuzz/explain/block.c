// SPDX-License-Identifier: GPL-2.0-only
/* The failure block. Built without instrumentation, as all that runs in engines. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include <fuzz/tools/shared_options.h>
#include <util/durable.h>
#include <util/text.h>
#include "block_internal.h"

/* --- recording ---------------------------------------------------------------------------- */

struct recording {
	const struct program *prog;
	struct timeline *timeline;
};

static int run_recorded(void *arg)
{
	const struct recording *r = arg;
	unsigned int i;

	if (r->prog->mutant[0] && engine_mutant(r->prog->mutant))
		return 2;
	for (i = 0; i < outcome_runs(r->prog); i++) {
		sim_set_replay(r->prog->choices, r->prog->nr_choices);
		timeline_begin(r->timeline);
		program_run(r->prog);
	}
	return 0;
}

/* @placed: with the place in the code of each event */
static struct timeline *record(const struct program *prog, bool placed, struct outcome *out)
{
	struct recording r = { .prog = prog, .timeline = timeline_create() };
	struct balance balance;

	if (placed)
		timeline_place(r.timeline);
	child_run(run_recorded, &r, false, out);
	balance = r.timeline->balance;
	if (!balance.kind)
		return r.timeline;
	/* once more, to see from when on the number was not what it should be */
	outcome_destroy(out);
	timeline_watch(r.timeline, &balance);
	child_run(run_recorded, &r, false, out);
	return r.timeline;
}

struct timeline *record_run(const struct program *prog, struct outcome *out)
{
	return record(prog, false, out);
}

/* --- tasks -------------------------------------------------------------------------------- */

static void print_locks(FILE *out, const struct task_state *t)
{
	bool first = true;
	char name[64];
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++) {
		if (t->locks[i].class == lock_class_leaf)
			continue;
		lock_name(name, sizeof(name), t->locks[i].class, t->locks[i].obj);
		fprintf(out, "%s%s", first ? "; holds " : ", ", name);
		first = false;
	}
}

static void print_task(FILE *out, unsigned int task, const struct task_state *t,
		       const struct program *prog)
{
	unsigned int user = task - SIM_TASK_USER;
	char name[64];

	task_title(name, sizeof(name), task);
	fprintf(out, "    %s on CPU %u", name, t->cpu);
	if (task >= SIM_TASK_USER && user < prog->nr_tasks) {
		if (!t->op) {
			fprintf(out, ": has not begun");
		} else if (t->idle || t->op > prog->tasks[user].nr_ops) {
			fprintf(out, ": %s", t->op < prog->tasks[user].nr_ops ?
				"between operations" : "has ended");
		} else {
			fprintf(out, ", op%u: ", t->op);
			op_print(out, &prog->tasks[user].ops[t->op - 1]);
		}
	}
	print_locks(out, t);
	if (t->waits) {
		wait_name(name, sizeof(name), &t->wait);
		fprintf(out, "; waits for %s", name);
	}
	fputc('\n', out);
}

static void print_tasks(FILE *out, const struct timeline *tl, const struct program *prog)
{
	const struct task_state *t;
	unsigned int i;

	fprintf(out, "\ntasks\n");
	for (i = SIM_TASK_RCU; i < SIM_TASKS_MAX; i++) {
		t = &tl->tasks[i];
		/* the machine's own matter while they do something */
		if (t->alive && (i >= SIM_TASK_USER || !t->idle))
			print_task(out, i, t, prog);
	}
}

/* --- the block ---------------------------------------------------------------------------- */

static void print_program(FILE *out, const struct program *prog)
{
	char *text = NULL, *line;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	program_print(f, prog);
	fclose(f);
	fprintf(out, "\nprogram\n");
	for (line = text; *line; line += strcspn(line, "\n") + 1)
		block_line(out, line, strcspn(line, "\n"));
	free(text);
}

void block_command(FILE *out, const char *mutant, const char *path, const char *self)
{
	const char *slash = strrchr(self, '/');

	char replay[PATH_MAX];

	snprintf(replay, sizeof(replay), "%.*sreplay", slash ? (int)(slash - self) + 1 : 0, self);
	text_print_shell(out, replay);
	engine_mutants_print(out, mutant);
	warn_option_print(out);
	fputc(' ', out);
	/* or it would be an option */
	if (*path == '-')
		fputs("./", out);
	text_print_shell(out, path);
}

/*
 * What a picture says of the values: of a crash nothing, for that depends on who catches it, a
 * sanitizer or our handler. The block has it.
 */
static const struct failure *drawn_failure(const struct outcome *o)
{
	return o->failure.valid && strcmp(o->check, "CRASH") ? &o->failure : NULL;
}

static void print_block(FILE *out, const struct program *prog, const struct outcome *o,
			const struct timeline *tl)
{
	const char *fail = strstr(o->report, "\nFAIL  "), *sentence = check_sentence(o->check);
	struct diagram_options options = {
		.check = o->check, .failure = drawn_failure(o), .race = race_find(o->report),
	};

	fprintf(out, "FAIL  %s  %s\n", o->check, o->where);
	if (sentence)
		block_paragraph(out, sentence);
	if (o->failure.valid)
		block_values(out, o->failure.text, tl);
	print_tasks(out, tl, prog);
	if (!strcmp(o->check, "RACE"))
		block_race(out, o->report, tl);
	print_program(out, prog);
	fprintf(out, "\ninterleaving\n");
	diagram_print(out, tl, prog, &options);
	if (fail && strstr(o->report, "SUMMARY: "))
		block_sanitizer(out, o->report, fail);
	else if (fail)
		block_stack(out, fail);
}

static bool fails_as(const struct outcome *again, const struct outcome *first)
{
	return again->check[0] && (!first || !strcmp(again->check, first->check));
}

bool block_print(FILE *out, const struct program *prog, const char *path, const char *self,
		 const struct outcome *first)
{
	/* TSan may have forgotten an access, and not the next time */
	unsigned int tries = outcome_runs(prog) > 1 ? 4 : 1;
	struct outcome again;
	struct timeline *tl = record_run(prog, &again);
	bool same = fails_as(&again, first);

	while (!same && --tries && again.end != CHILD_INTERRUPTED) {
		outcome_destroy(&again);
		timeline_destroy(tl);
		tl = record_run(prog, &again);
		same = fails_as(&again, first);
	}
	if (same) {
		print_block(out, prog, &again, tl);
	} else {
		fprintf(out, "This failed once; replaying it %s%s.\n",
			again.end == CHILD_INTERRUPTED ? "was interrupted" :
			again.check[0] ? "fails in another way: " : "passes", again.check);
		fputs(first ? first->report : again.report, out);
		print_program(out, prog);
	}
	fprintf(out, "\nrepro ");
	block_command(out, prog->mutant, path, self);
	fputc('\n', out);
	outcome_destroy(&again);
	timeline_destroy(tl);
	return same;
}

static int draw_svg(const char *path, const struct timeline *tl, const struct program *prog,
		    const struct diagram_options *options)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int err;

	if (!f)
		abort();
	diagram_svg(f, tl, prog, options);
	if (fclose(f))
		abort();
	err = durable_write(path, text, len);
	if (err)
		fprintf(stderr, "%s: %s\n", text_shown(path), strerror(-err));
	free(text);
	return err ? 2 : 0;
}

int block_draw(const struct program *prog, enum diagram_detail detail, bool text, const char *svg)
{
	struct outcome out;
	struct timeline *tl = record(prog, svg, &out);
	struct diagram_options options = {
		.detail = detail, .check = out.check, .failure = drawn_failure(&out),
		.race = race_find(out.report),
	};
	int ret = 0;

	if (text) {
		printf("\n");
		diagram_print(stdout, tl, prog, &options);
		printf("\n");
	}
	if (svg)
		ret = draw_svg(svg, tl, prog, &options);
	outcome_destroy(&out);
	timeline_destroy(tl);
	return ret;
}
