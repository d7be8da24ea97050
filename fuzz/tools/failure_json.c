// SPDX-License-Identifier: GPL-2.0-only
/* A failure's record as JSON, the same from every engine: failure.schema.json. */
#include <stdlib.h>

#include <kernel/lockdep.h>
#include <util/text.h>
#include "failure_json.h"

static void print_json_objects(FILE *out, const struct failure *f)
{
	const struct failure_object *o;
	const char *name, *in;
	unsigned int i;

	fprintf(out, "\"objects\": [");
	for (i = 0; i < f->nr_objects; i++) {
		o = &f->objects[i];
		name = failure_kind_name(o->kind, &in);
		fprintf(out, "%s{ \"kind\": \"%s\"", i ? ", " : "", name);
		if (in)
			fprintf(out, ", \"%s\": %u", in, o->in);
		if (o->kind != FAILURE_DEVICE)
			fprintf(out, ", \"nr\": %lu", o->nr);
		fprintf(out, " }");
	}
	fprintf(out, "]");
}

static void print_json_task(FILE *out, const struct failure_task *t)
{
	unsigned int i;

	fprintf(out, "{ \"id\": %u, \"name\": ", t->id);
	text_print_json(out, t->name);
	fprintf(out, ", \"cpu\": %u, \"op\": ", t->cpu);
	text_print_json(out, t->op);
	fprintf(out, ", \"op_nr\": %lu, \"in_rcu\": %s, \"holds\": [", t->op_nr,
		t->in_rcu ? "true" : "false");
	for (i = 0; i < t->nr_locks && i < FAILURE_LOCKS_MAX; i++) {
		fprintf(out, "%s{ \"lock\": \"%s\", \"site\": ", i ? ", " : "",
			lock_class_name(t->locks[i].class));
		text_print_json(out, t->locks[i].site);
		fprintf(out, " }");
	}
	fprintf(out, "], \"waits\": ");
	text_print_json(out, t->waits);
	fprintf(out, " }");
}

void failure_print_json(FILE *out, const struct failure *f)
{
	static struct text_memory plain;
	unsigned int i;

	if (!text_memory_begin(&plain))
		abort();
	failure_print_text(plain.file, f->text);
	if (!text_memory_end(&plain))
		abort();
	fprintf(out, "{ \"check\": ");
	text_print_json(out, f->check);
	fprintf(out, ", \"site\": ");
	text_print_json(out, f->site);
	fprintf(out, ", \"text\": ");
	text_print_json(out, plain.text);
	fprintf(out, ", \"task\": %u, ", f->task);
	print_json_objects(out, f);
	fprintf(out, ", \"tasks\": [");
	for (i = 0; i < f->nr_tasks; i++) {
		fputs(i ? ", " : "", out);
		print_json_task(out, &f->tasks[i]);
	}
	fprintf(out, "] }");
}
