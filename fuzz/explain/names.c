// SPDX-License-Identifier: GPL-2.0-only
/* Names of objects, locks and tasks, as programs and diagrams write them. */
#include <string.h>

#include "internal.h"

#define NAME_MAX_LEN 32
#define SITES_MAX 128

static const char *const class_names[NR_LOCK_CLASSES] = {
	[lock_class_none] = "a lock",
	[lock_class_system_transition_mutex] = "system_transition_mutex",
	[lock_class_i_rwsem] = "inode", [lock_class_swapon_mutex] = "swapon_mutex",
	[lock_class_mmap_lock] = "mmap_lock", [lock_class_folio] = "folio",
	[lock_class_rmap] = "rmap", [lock_class_ptl] = "ptl",
	[lock_class_percpu_swap_cluster] = "local",
	[lock_class_global_cluster] = "global_cluster_lock", [lock_class_cluster] = "ci",
	[lock_class_swap_lock] = "swap_lock", [lock_class_swap_info] = "si",
	[lock_class_swap_avail_lock] = "swap_avail_lock",
	[lock_class_mmlist_lock] = "mmlist_lock", [lock_class_leaf] = "a leaf lock",
	[lock_class_own] = "a lock of the patch", [lock_class_own_mutex] = "a mutex of the patch",
	[lock_class_machine] = "a lock",
};

char device_letter(u8 dev)
{
	return dev < WORLD_DEVICES_MAX ? 'A' + dev : '?';
}

void object_name(char *text, size_t size, struct object obj)
{
	text[0] = 0;
	switch (obj.kind) {
	case OBJECT_DEVICE:
		snprintf(text, size, "%c", device_letter(obj.dev));
		break;
	case OBJECT_CLUSTER:
		snprintf(text, size, "%c/%u", device_letter(obj.dev), obj.nr);
		break;
	case OBJECT_SLOT:
		snprintf(text, size, "%c:%u", device_letter(obj.dev), obj.nr);
		break;
	case OBJECT_FOLIO:
		snprintf(text, size, "f%u", obj.nr);
		break;
	case OBJECT_SPACE:
		snprintf(text, size, "m%u", obj.nr);
		break;
	case OBJECT_PTE:
		snprintf(text, size, "m%u page %u", obj.dev, obj.nr);
		break;
	case OBJECT_CPU:
		snprintf(text, size, "CPU %u", obj.nr);
		break;
	case OBJECT_NULL:
		snprintf(text, size, "NULL");
		break;
	}
}

void lock_name(char *text, size_t size, enum lock_class class, struct object obj)
{
	char name[NAME_MAX_LEN];

	object_name(name, sizeof(name), obj);
	if (class == lock_class_percpu_swap_cluster || !name[0])
		snprintf(text, size, "%s", class_names[class]);
	else if (class == lock_class_folio)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "%s %s", class_names[class], name);
}

static const char *const balance_names[] = {
	[BALANCE_FREE_PAGES] = "nr_swap_pages", [BALANCE_TOTAL_PAGES] = "total_swap_pages",
	[BALANCE_ROTATING] = "nr_rotate_swap", [BALANCE_USAGE] = "usage of",
	[BALANCE_CLUSTERS] = "counts of all clusters of", [BALANCE_FREE_SLOTS] = "NULL words of",
	[BALANCE_AVAIL] = "avail list entries of", [BALANCE_DEVICE_REFS] = "references to",
	[BALANCE_CLUSTER] = "count of", [BALANCE_COUNT] = "count of",
	[BALANCE_FOLIO_REFS] = "references to", [BALANCE_FOLIO_MAPS] = "mapcount of",
	[BALANCE_TABLES] = "tables in memory", [BALANCE_EXTENDS] = "extend tables in memory",
};

struct object balance_object(const struct balance *balance, const struct timeline *tl)
{
	u8 dev = balance->type < MAX_SWAPFILES ? tl->types[balance->type] : 0xff;

	switch (balance->kind) {
	case BALANCE_USAGE:
	case BALANCE_CLUSTERS:
	case BALANCE_FREE_SLOTS:
	case BALANCE_AVAIL:
	case BALANCE_DEVICE_REFS:
		return object(OBJECT_DEVICE, dev, 0);
	case BALANCE_CLUSTER:
		return object(OBJECT_CLUSTER, dev, balance->nr);
	case BALANCE_COUNT:
		return object(OBJECT_SLOT, dev, balance->nr);
	case BALANCE_FOLIO_REFS:
	case BALANCE_FOLIO_MAPS:
		return object(OBJECT_FOLIO, 0, balance->nr);
	default:
		return (struct object){ 0 };
	}
}

void balance_name(char *text, size_t size, const struct balance *balance,
		  const struct timeline *tl)
{
	char name[NAME_MAX_LEN];

	object_name(name, sizeof(name), balance_object(balance, tl));
	snprintf(text, size, "%s%s%s", balance_names[balance->kind], name[0] ? " " : "", name);
}

/*
 * Of "    #N FUNCTION FILE:LINE" lines the innermost function of the code under test, which is
 * more than a setter of some header.
 */
void core_function(char *function, size_t size, const char *lines)
{
	static const char *const dirs[] = { "core/swap/", "core/mm/", "core/linux/", "mm/" };
	const char *line, *name, *place, *end;
	unsigned int i;

	function[0] = 0;
	for (line = lines; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		name = memchr(line, '#', end - line);
		name = name ? name + strcspn(name, " ") + 1 : end;
		place = memchr(name, ' ', end - name);
		if (!place || !memmem(place, end - place, ".c:", 3))
			continue;
		for (i = 0; i < ARRAY_SIZE(dirs); i++)
			if (!strncmp(place + 1, dirs[i], strlen(dirs[i])))
				break;
		if (i == ARRAY_SIZE(dirs))
			continue;
		snprintf(function, size, "%.*s: ", (int)(place - name), name);
		return;
	}
}

/* A symbolizer takes its time, and loops change a number again and again in one place. */
static const char *site_name(const struct stack *stack)
{
	static struct site {
		struct stack stack;
		char name[64];
	} sites[SITES_MAX];
	static unsigned int nr;
	static struct stack_text text;
	unsigned int i;

	for (i = 0; i < nr && i < SITES_MAX; i++)
		if (stack->nr == sites[i].stack.nr &&
		    !memcmp(stack->pc, sites[i].stack.pc, stack->nr * sizeof(stack->pc[0])))
			return sites[i].name;
	i = nr++ % SITES_MAX;
	sites[i].stack = *stack;
	stack_describe(stack, 1, &text);
	core_function(sites[i].name, sizeof(sites[i].name), text.lines);
	return sites[i].name;
}

void changed_in(char *text, size_t size, const struct timeline *tl, unsigned long event)
{
	unsigned long i, first = tl->nr_changes > TIMELINE_CHANGES ?
				 tl->nr_changes - TIMELINE_CHANGES : 0;

	text[0] = 0;
	for (i = first; i < tl->nr_changes; i++)
		if (tl->changes[i % TIMELINE_CHANGES].event == event)
			snprintf(text, size, "%s", site_name(&tl->changes[i % TIMELINE_CHANGES].stack));
}

void task_title(char *text, size_t size, unsigned int task)
{
	char name[16];

	snprintf(text, size, "%s%s", task < SIM_TASK_USER ? "" : "task ",
		 program_task_name(task, name, sizeof(name)));
}

void wait_name(char *text, size_t size, const struct timeline_event *e)
{
	const char *site = e->site && !strchr(e->site, '/') ? e->site : NULL;
	char name[NAME_MAX_LEN];

	object_name(name, sizeof(name), e->obj);
	if (e->class != lock_class_none)
		lock_name(text, size, e->class, e->obj);
	else if (e->obj.kind == OBJECT_FOLIO)
		snprintf(text, size, "writeback of %s", name);
	else if (site)
		snprintf(text, size, "%s", site);
	else
		snprintf(text, size, "%s", e->task == SIM_TASK_MAIN ? "all tasks" : "an event");
}
