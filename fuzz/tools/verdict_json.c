// SPDX-License-Identifier: GPL-2.0-only
/* The verdict of an engine as JSON: verdict.schema.json. */
#include <stdlib.h>

#include <check/check.h>
#include <util/durable.h>
#include <util/text.h>
#include "failure_json.h"
#include "verdict_json.h"

const char *verdict_word(int status)
{
	return status == 0 ? "PASS" : status == 1 ? "FAIL" : "INCOMPLETE";
}

static void print_number(FILE *out, const char *name, double value, int digits)
{
	if (value > 0)
		fprintf(out, "\"%s\": %.*f", name, digits, value);
	else
		fprintf(out, "\"%s\": null", name);
}

static struct text_memory memory;	/* one verdict at a time */

void verdict_json_begin(struct verdict_json *v)
{
	v->nr_findings = 0;
	v->file = text_memory_begin(&memory);
	if (!v->file)
		abort();
	fprintf(v->file, "{ \"verdict\": \"%s\", \"reason\": ", v->verdict);
	text_print_json(v->file, v->reason);
	if (checks_left_out()[0])
		fprintf(v->file, ",\n  \"without\": \"%s\"", checks_left_out());
	fprintf(v->file, ",\n  \"planned\": { ");
	print_number(v->file, "schedules", v->planned.schedules, 0);
	fprintf(v->file, ", ");
	print_number(v->file, "seconds", v->planned.seconds, 3);
	fprintf(v->file, ", ");
	print_number(v->file, "programs", v->planned.programs, 0);
	fprintf(v->file, " },\n  \"done\": { \"schedules\": %lu, \"seconds\": %.3f, \"programs\": %lu },\n"
		"  \"engine\": \"%s\"", v->done.schedules, v->done.seconds, v->done.programs, v->engine);
}

void verdict_json_finding(struct verdict_json *v, const struct verdict_finding *f)
{
	fprintf(v->file, "%s\n  { \"check\": ", v->nr_findings++ ? " }," : ",\n  \"findings\": [");
	text_print_json(v->file, f->check);
	fprintf(v->file, ", \"key\": ");
	text_print_json(v->file, f->key);
	fprintf(v->file, ", \"file\": ");
	if (f->file)
		text_print_json(v->file, f->file);
	else
		fprintf(v->file, "null");
	fprintf(v->file, ", \"count\": %lu, \"new\": %s", f->count, f->known ? "false" : "true");
	if (f->failure && f->failure->valid) {
		fprintf(v->file, ",\n    \"failure\": ");
		failure_print_json(v->file, f->failure);
	}
}

int verdict_json_end(struct verdict_json *v, const char *path)
{
	int err;

	fprintf(v->file, "%s ] }\n", v->nr_findings ? " }" : ",\n  \"findings\": [");
	if (!text_memory_end(&memory))
		abort();
	err = durable_write(path, memory.text, memory.len);
	if (err)
		durable_print(v->engine, path, err, memory.text, memory.len);
	return err ? 2 : 0;
}
