// SPDX-License-Identifier: GPL-2.0-only
/* The failure block. Built without instrumentation, as all that runs in engines. */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include "block.h"

#define PARAGRAPH_WIDTH (DIAGRAM_WIDTH - 6)

/* --- recording ---------------------------------------------------------------------------- */

struct recording {
	const struct program *prog;
	struct timeline *timeline;
};

static int run_recorded(void *arg)
{
	const struct recording *r = arg;

	if (r->prog->mutant[0] && engine_mutant(r->prog->mutant))
		return 2;
	sim_set_replay(r->prog->choices, r->prog->nr_choices);
	timeline_begin(r->timeline);
	program_run(r->prog);
	return 0;
}

struct timeline *record_run(const struct program *prog, struct outcome *out)
{
	struct recording r = { .prog = prog, .timeline = timeline_create() };

	child_run(run_recorded, &r, NULL, out);
	return r.timeline;
}

/* --- values ------------------------------------------------------------------------------- */

char *report_values(const struct outcome *out)
{
	const char *line = strstr(out->report, "\nFAIL  "), *sentence = check_sentence(out->check);
	char *values;
	size_t len;

	if (!line)
		return NULL;
	line = strchr(line + 1, '\n');
	/* the lines that are indented; the sentence, if the check has one, is the first */
	while (line && !strncmp(line + 1, "      ", 6)) {
		line += 1 + strspn(line + 1, " ");
		len = strcspn(line, "\n");
		if (!sentence || strncmp(line, sentence, len)) {
			values = strndup(line, len);
			if (!values)
				abort();
			return values;
		}
		line += len;
	}
	return NULL;
}

/* Numbers of the machine become the program's names. Return: bytes read of @text; 0: none. */
static int translate_one(FILE *out, const char *text, const struct timeline *tl)
{
	unsigned int type, nr;
	char name[32];
	int n = 0;

	if (sscanf(text, "cluster %u/%u%n", &type, &nr, &n) == 2 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_CLUSTER, tl->types[type], nr));
		fprintf(out, "cluster %s", name);
		return n;
	}
	if (sscanf(text, "slot %u/%u%n", &type, &nr, &n) == 2 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_SLOT, tl->types[type], nr));
		fprintf(out, "slot %s", name);
		return n;
	}
	if (sscanf(text, "device %u%n", &type, &n) == 1 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_DEVICE, tl->types[type], 0));
		fprintf(out, "device %s", name);
		return n;
	}
	if (sscanf(text, "mm %u%n", &nr, &n) == 1 && n && nr < ARRAY_SIZE(tl->spaces) &&
	    tl->spaces[nr]) {
		fprintf(out, "m%u", tl->spaces[nr] - 1);
		return n;
	}
	if (sscanf(text, "task %u%n", &nr, &n) == 1 && n && nr < SIM_TASKS_MAX) {
		task_title(name, sizeof(name), nr);
		fputs(name, out);
		return n;
	}
	return 0;
}

/* A paragraph below the check's id. */
static void print_paragraph(FILE *out, const char *text)
{
	size_t len = strlen(text), n;

	while (len) {
		n = len;
		if (n > PARAGRAPH_WIDTH) {
			for (n = PARAGRAPH_WIDTH; n && text[n] != ' '; n--)
				;
			n = n ? : PARAGRAPH_WIDTH;
		}
		fprintf(out, "      %.*s\n", (int)n, text);
		text += n + strspn(text + n, " ");
		len = strlen(text);
	}
}

static void print_values(FILE *out, const char *text, const struct timeline *tl)
{
	char *line = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&line, &size);
	int n;

	if (!f)
		abort();
	while (*text) {
		n = translate_one(f, text, tl);
		if (n) {
			text += n;
			continue;
		}
		/* only where a word begins */
		do {
			fputc(*text, f);
		} while (*text++ != ' ' && *text);
	}
	fclose(f);
	print_paragraph(out, line);
	free(line);
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
			program_print_op(out, &prog->tasks[user].ops[t->op - 1]);
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

static void print_line(FILE *out, const char *line, size_t len)
{
	while (len && line[len - 1] == ' ')
		len--;
	if (len)
		fprintf(out, "    %.*s", (int)len, line);
	fputc('\n', out);
}

/* "#1 f core/a.c:1:2 (replay+0x1) (BuildId: 2)": where a binary is means nothing to others. */
static void print_frame(FILE *out, const char *line, size_t len)
{
	char text[512];
	char *module, *build, *slash, *source = NULL;

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	build = strstr(text, " (BuildId: ");
	if (build)
		memmove(build, build + strcspn(build, ")") + 1,
			strlen(build + strcspn(build, ")")));
	module = strstr(text, "(/");
	slash = module ? module + strcspn(module, "+)") : NULL;
	while (slash && slash > module && *slash != '/')
		slash--;
	if (slash)
		memmove(module + 1, slash + 1, strlen(slash));
	module = strstr(text, " (");
	if (text[strspn(text, " ")] == '#')
		source = strchr(text, '/');
	if (module && source && source < module)
		*module = 0;
	print_line(out, text, strlen(text));
}

/* "==1==Register values:", " r8 = 0x0000000000000000  r9 = ..." */
static bool is_register(const char *line, size_t len)
{
	return memmem(line, len, "==Register values", 17) ||
	       (line[strspn(line, " ")] == 'r' && memmem(line, len, " = 0x", 5));
}

static void print_sanitizer(FILE *out, const char *text, const char *end)
{
	size_t len;

	fprintf(out, "\nsanitizer\n");
	text += strspn(text, "\n");
	/* what follows is memory around the address */
	for (; text < end && strncmp(text, "Shadow bytes", 12); text += len + 1) {
		len = strcspn(text, "\n");
		if (!is_register(text, len))
			print_frame(out, text, len);
	}
}

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
		print_line(out, line, strcspn(line, "\n"));
	free(text);
}

void block_command(FILE *out, const char *mutant, const char *path, const char *self)
{
	const char *slash = strrchr(self, '/');

	fprintf(out, "%.*sreplay", slash ? (int)(slash - self) + 1 : 0, self);
	engine_mutants_print(out, mutant);
	fprintf(out, " %s", path);
}

static void print_block(FILE *out, const struct program *prog, const struct outcome *o,
			const struct timeline *tl)
{
	const char *fail = strstr(o->report, "\nFAIL  "), *sentence = check_sentence(o->check);
	char *values = report_values(o);
	struct diagram_options options = { .check = o->check, .values = values };

	fprintf(out, "FAIL  %s  %s\n", o->check, o->where);
	if (sentence)
		print_paragraph(out, sentence);
	if (values)
		print_values(out, values, tl);
	print_tasks(out, tl, prog);
	print_program(out, prog);
	fprintf(out, "\ninterleaving\n");
	diagram_print(out, tl, prog, &options);
	if (fail && strstr(o->report, "SUMMARY: "))
		print_sanitizer(out, o->report, fail);
	free(values);
}

bool block_print(FILE *out, const struct program *prog, const char *path, const char *self,
		 const struct outcome *first)
{
	struct outcome again;
	struct timeline *tl = record_run(prog, &again);
	bool same = again.check[0] && (!first || !strcmp(again.check, first->check));

	if (same) {
		print_block(out, prog, &again, tl);
	} else {
		fprintf(out, "This failed once; replaying it %s%s.\n", again.check[0] ?
			"fails in another way: " : "passes", again.check);
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
