// SPDX-License-Identifier: GPL-2.0-only
/* Failures as records. Built without instrumentation, since it looks at what other tasks are writing. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <machine/failure.h>
#include <machine/task.h>

static struct failure own;
struct failure *failure = &own;

void failure_share(void)
{
	void *shared = mmap(NULL, sizeof(*failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);

	if (shared == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	failure = shared;
}

static const struct {
	char kind;
	const char *name, *in;		/* @in: what obj->in is; NULL: nothing */
} kinds[] = {
	{ FAILURE_DEVICE, "device", "type" },
	{ FAILURE_CLUSTER, "cluster", "device" },
	{ FAILURE_SLOT, "slot", "device" },
	{ FAILURE_FOLIO, "folio", NULL },
	{ FAILURE_PAGE, "page", "mm" },
	{ FAILURE_TASK, "task", NULL },
	{ FAILURE_HINT, "hint", "cpu" },
};

static unsigned int kind_of(char letter)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kinds[i].kind != letter; i++)
		;
	return i;
}

const char *failure_kind_name(enum failure_kind kind, const char **in)
{
	*in = kinds[kind_of(kind)].in;
	return kinds[kind_of(kind)].name;
}

/* OBJ_MARK, the letter, one number or two with a slash, OBJ_END. */
const char *failure_object(const char *text, struct failure_object *obj)
{
	unsigned long first, second = 0;
	char *end;

	if (*text != OBJ_MARK[0] || kind_of(text[1]) == ARRAY_SIZE(kinds))
		return NULL;
	first = strtoul(text + 2, &end, 10);
	if (end == text + 2)
		return NULL;
	if (*end == '/')
		second = strtoul(end + 1, &end, 10);
	if (*end != OBJ_END[0])
		return NULL;
	*obj = (struct failure_object){ .kind = text[1], .in = first, .nr = second };
	if (obj->kind == FAILURE_FOLIO || obj->kind == FAILURE_TASK) {
		obj->in = 0;
		obj->nr = first;
	}
	return end + 1;
}

static void fill_objects(struct failure *f)
{
	const char *text = f->text, *next;
	struct failure_object obj, *o;
	unsigned int i;

	for (; *text; text = next) {
		next = failure_object(text, &obj);
		if (!next) {
			next = text + 1;
			continue;
		}
		for (i = 0; i < f->nr_objects; i++) {
			o = &f->objects[i];
			if (o->kind == obj.kind && o->in == obj.in && o->nr == obj.nr)
				break;
		}
		if (i == f->nr_objects && i < FAILURE_OBJECTS_MAX)
			f->objects[f->nr_objects++] = obj;
	}
}

static void fill_task(struct failure_task *to, const struct task_struct *t)
{
	unsigned int i;

	*to = (struct failure_task){
		.id = t->id, .cpu = t->cpu, .op_nr = t->op_nr, .in_rcu = t->rcu_depth,
		.nr_locks = t->nr_locks < TASK_LOCKS_MAX ? t->nr_locks : TASK_LOCKS_MAX,
	};
	snprintf(to->name, sizeof(to->name), "%s", t->name);
	snprintf(to->op, sizeof(to->op), "%s", t->op ? : "");
	for (i = 0; i < to->nr_locks && i < FAILURE_LOCKS_MAX; i++) {
		to->locks[i].class = t->locks[i].class;
		snprintf(to->locks[i].site, FAILURE_SITE_MAX, "%s", t->locks[i].site ? : "?");
	}
	if (t->waiting_for)
		snprintf(to->waits, sizeof(to->waits), "%s", t->waiting_site ? : "?");
}

void failure_fill(const char *check, const char *site, const char *function, const char *fmt,
		  va_list args)
{
	const struct task_struct *t;
	struct failure *f = failure;
	unsigned int id;

	f->nr_objects = f->nr_tasks = 0;
	snprintf(f->check, sizeof(f->check), "%s", check);
	snprintf(f->site, sizeof(f->site), "%s%s%s", site, function ? " during " : "", function ? : "");
	vsnprintf(f->text, sizeof(f->text), fmt, args);
	f->task = current ? current->id : 0;
	fill_objects(f);
	for (id = 0; id < machine_nr_tasks() && f->nr_tasks < FAILURE_TASKS_MAX; id++) {
		t = machine_task(id);
		if (t)
			fill_task(&f->tasks[f->nr_tasks++], t);
	}
	__atomic_store_n(&f->valid, true, __ATOMIC_RELEASE);
}

/* --- at the edge -------------------------------------------------------------------------- */

static void print_object(FILE *out, const struct failure_object *obj)
{
	switch ((enum failure_kind)obj->kind) {
	case FAILURE_DEVICE:
		fprintf(out, "device %u", obj->in);
		break;
	case FAILURE_CLUSTER:
	case FAILURE_SLOT:
		fprintf(out, "%s %u/%lu", kinds[kind_of(obj->kind)].name, obj->in, obj->nr);
		break;
	case FAILURE_FOLIO:
	case FAILURE_TASK:
		fprintf(out, "%s %lu", kinds[kind_of(obj->kind)].name, obj->nr);
		break;
	case FAILURE_PAGE:
		fprintf(out, "mm %u page %lu", obj->in, obj->nr);
		break;
	case FAILURE_HINT:
		fprintf(out, "CPU %u order %lu", obj->in, obj->nr);
		break;
	}
}

void failure_print_text(FILE *out, const char *text)
{
	struct failure_object obj;
	const char *next;

	for (; *text; text = next) {
		next = failure_object(text, &obj);
		if (next) {
			print_object(out, &obj);
		} else {
			fputc(*text, out);
			next = text + 1;
		}
	}
}

void failure_print_task(FILE *out, const struct failure_task *t)
{
	unsigned int i;

	fprintf(out, "task %u (%s) on cpu %u: ", t->id, t->name, t->cpu);
	if (t->op[0])
		fprintf(out, "op %s #%lu", t->op, t->op_nr);
	else
		fprintf(out, "idle");
	for (i = 0; i < t->nr_locks && i < FAILURE_LOCKS_MAX; i++)
		fprintf(out, "%s %s (%s)", i ? "," : "; holds", lock_class_name(t->locks[i].class),
			t->locks[i].site);
	if (t->in_rcu)
		fprintf(out, "; in an RCU read section");
	if (t->waits[0])
		fprintf(out, "; waits at %s", t->waits);
	fprintf(out, "\n");
}
