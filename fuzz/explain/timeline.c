// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recording. The machine reports a scheduling point before its effect, and the task may be
 * preempted there; what a reader wants to see is when the effect took place. So each task has
 * one pending point, which becomes an event when the task next does anything: between two of
 * its points a task is never interrupted, so no event of another task comes in between.
 *
 * Built without instrumentation, since it runs inside of the scheduler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <fuzz/run/exec.h>
#include <kernel/slab.h>
#include <machine/machine.h>
#include <mm/mm.h>
#include <mm/swapops.h>
#include "timeline.h"

static struct timeline *timeline;

static struct pending {
	bool valid;
	bool held;			/* the lock of a trylock, already: a leaked one */
	u8 anchor;
	const volatile void *addr;
	struct object obj;
	u16 table;
	/* the task: */
	u16 op;
	u8 cpu;
	bool seen;
	bool slept;			/* it has the table it slept for, not published yet */
	struct stack stack;		/* of the point, while a number is watched */
} pendings[SIM_TASKS_MAX];

struct timeline *timeline_create(void)
{
	struct timeline *tl = mmap(NULL, sizeof(*tl), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (tl == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return tl;
}

void timeline_destroy(struct timeline *tl)
{
	munmap(tl, sizeof(*tl));
}

/* At a point the task is past it by now, so its stack was taken there. */
static void change(const struct pending *p, int is, int should)
{
	static int last_is, last_should;
	struct timeline_change *c;

	if (timeline->nr > 1 && last_is == is && last_should == should)
		return;
	last_is = is;
	last_should = should;
	c = &timeline->changes[timeline->nr_changes++ % TIMELINE_CHANGES];
	c->event = timeline->nr - 1;
	c->stack = p->stack;
}

/* What begins an operation, or finds itself elsewhere, has none. */
static void keep_stack(void **pc, enum event_kind kind, const struct stack *stack)
{
	unsigned int nr = kind == EVENT_OP || kind == EVENT_CPU || kind == EVENT_END ? 0 : stack->nr;

	memset(pc, 0, TIMELINE_FRAMES * sizeof(*pc));
	memcpy(pc, stack->pc, (nr < TIMELINE_FRAMES ? nr : TIMELINE_FRAMES) * sizeof(*pc));
}

static struct timeline_event *record(const struct task_struct *task, enum event_kind kind)
{
	struct timeline_event *e = timeline_next(timeline);
	long is = 0, should = 0;

	if (timeline->watched.kind) {
		balance_read(&timeline->watched, &is, &should);
		change(&pendings[task->id], is, should);
	}
	*e = (struct timeline_event){ .kind = kind, .task = task->id, .cpu = task->cpu,
				      .op = task->op_nr, .is = is, .should = should };
	if (timeline->placed)
		keep_stack(timeline->stacks[e - timeline->events], kind, &pendings[task->id].stack);
	return e;
}

static enum lock_class anchor_class(unsigned int anchor)
{
	if (anchor < ANCHOR_LOCK || anchor >= ANCHOR_UNLOCKED)
		return lock_class_none;
	return (anchor - ANCHOR_LOCK) % NR_LOCK_CLASSES;
}

/* Did the trylock succeed? The bit of a folio lock is not where the lock is known by. */
static bool holds(const struct task_struct *task, enum lock_class class, const volatile void *addr)
{
	unsigned int i;

	if (class == lock_class_folio)
		addr = container_of((unsigned long *)addr, struct folio, flags);
	for (i = 0; i < task->nr_locks; i++)
		if (task->locks[i].lock == addr)
			return true;
	return false;
}

/* It has just been written, and no other task has run since. */
static void pte_written(struct timeline_event *e, const volatile void *addr)
{
	pte_t pte = { *(const volatile unsigned long *)addr };
	swp_entry_t entry;
	unsigned int type;

	e->kind = EVENT_PTE;
	if (pte_none(pte)) {
		e->values[0] = PTE_IS_NONE;
	} else if (pte_present(pte)) {
		e->values[0] = PTE_IS_PRESENT;
		e->values[1] = pte_write(pte);
		e->value = object(OBJECT_FOLIO, 0, folio_pfn(pte_folio(pte)));
	} else if (pte_is_poisoned(pte)) {
		e->values[0] = PTE_IS_POISONED;
	} else {
		entry = softleaf_from_pte(pte);
		type = swp_type(entry);
		e->values[0] = PTE_IS_SWAP;
		e->value = object(OBJECT_SLOT, type < MAX_SWAPFILES ? timeline->types[type] : 0xff,
				  swp_offset(entry));
	}
}

static bool is_store(unsigned int anchor)
{
	return anchor == ANCHOR_POINT + POINT_ATOMIC_WRITE ||
	       anchor == ANCHOR_POINT + POINT_ATOMIC_RMW;
}

static void flush(const struct task_struct *task)
{
	struct pending *p = &pendings[task->id];
	enum lock_class class = anchor_class(p->anchor);
	enum event_kind kind = EVENT_POINT;
	struct timeline_event *e;

	if (!p->valid)
		return;
	p->valid = false;
	if (class != lock_class_none) {
		if (p->anchor < ANCHOR_TRYLOCK)
			kind = EVENT_LOCK;
		else if (p->anchor >= ANCHOR_UNLOCK)
			kind = EVENT_UNLOCK;
		else if (!p->held && (holds(task, class, p->addr) || timeline->failed))
			/* the failure may be that it has just got the lock */
			kind = EVENT_TRYLOCK;
		else
			kind = EVENT_TRYLOCK_FAILED;
	}
	e = record(task, kind);
	e->op = p->op;
	e->anchor = p->anchor;
	e->class = class;
	e->obj = p->obj;
	e->table = p->table;
	if (p->table)
		table_freed(p->table);
	if (p->obj.kind == OBJECT_PTE && is_store(p->anchor))
		pte_written(e, p->addr);
	/* where it is, not where it was when it began to wait for its CPU's lock */
	if (class == lock_class_percpu_swap_cluster)
		e->obj.nr = task->cpu;
}

/* The task does something: what it did before is over. */
static void arrive(const struct task_struct *task)
{
	struct pending *p = &pendings[task->id];

	if (p->seen && p->cpu != task->cpu)
		record(task, EVENT_CPU);
	flush(task);
	if (task->op && (!p->seen || p->op != task->op_nr)) {
		record(task, EVENT_OP);
		spaces_learn(timeline->spaces, ARRAY_SIZE(timeline->spaces));
	}
	p->seen = true;
	p->op = task->op_nr;
	p->cpu = task->cpu;
}

static bool waits_at(unsigned int anchor)
{
	return anchor == ANCHOR_POINT + POINT_WAIT || anchor == ANCHOR_POINT + POINT_SYNC_RCU ||
	       (anchor >= ANCHOR_LOCK && anchor < ANCHOR_TRYLOCK);
}

static void block(const struct task_struct *task, const volatile void *addr)
{
	struct pending *p = &pendings[task->id];
	struct timeline_event *e;

	/* at what it waits for it will look again; anything else is over */
	if (!addr || !waits_at(p->anchor))
		arrive(task);
	/* a worker without work */
	if (!addr)
		return;
	e = record(task, EVENT_BLOCK);
	e->anchor = p->valid ? p->anchor : ANCHOR_BLOCK;
	e->class = p->valid ? anchor_class(p->anchor) : lock_class_none;
	e->obj = object_at(addr, task, e->class);
	e->site = task->waiting_site;
	timeline->tasks[task->id].wait = *e;
}

/* A local lock is known by its CPU's when it is released. */
static void lock_seen(const volatile void *addr, enum lock_class class, struct object obj)
{
	unsigned int i = timeline->nr_locks;

	while (i && timeline->locks[i - 1].addr != (unsigned long)addr)
		i--;
	if (!i) {
		if (timeline->nr_locks == TIMELINE_LOCKS)
			return;
		i = ++timeline->nr_locks;
	}
	timeline->locks[i - 1] = (struct timeline_lock){ (unsigned long)addr, class, obj };
}

static void tracer(const struct task_struct *task, unsigned int anchor, unsigned int nth,
		   const volatile void *addr)
{
	struct pending *p = &pendings[task->id];

	if (anchor == ANCHOR_BLOCK) {
		block(task, addr);
		return;
	}
	arrive(task);
	if (anchor == ANCHOR_END) {
		record(task, EVENT_END);
		return;
	}
	p->valid = true;
	p->held = anchor >= ANCHOR_TRYLOCK && anchor < ANCHOR_UNLOCK &&
		  holds(task, anchor_class(anchor), addr);
	p->anchor = anchor;
	p->addr = addr;
	p->obj = object_at(addr, task, anchor_class(anchor));
	if (anchor_class(anchor) != lock_class_none)
		lock_seen(addr, anchor_class(anchor), p->obj);
	p->table = 0;
	if (timeline->watched.kind || timeline->placed)
		stack_here(&p->stack);
	if (anchor != ANCHOR_POINT + POINT_FREE || !addr)
		return;
	/* of a slab, or behind the descriptor of its page */
	p->table = table_at(addr, &p->obj);
	if (!p->table)
		p->table = table_at(page_address((const struct page *)addr), &p->obj);
}

/* A device that is gone keeps its name until another one has its type. */
static void type_learn(const struct swap_info_struct *si)
{
	u8 index = device_index(si);

	if (index < WORLD_DEVICES_MAX && si->type < MAX_SWAPFILES)
		timeline->types[si->type] = index;
}

/* Return: the number of the event's table. */
static u16 event_table(struct pending *p, const struct task_struct *task,
		       const struct trace_record *rec, const struct object *cluster)
{
	const void *table;
	u16 nr;

	switch (rec->id) {
	case TRACE_swap_table_slept:
		p->slept = true;
		return table_number(rec->swap_table_slept.table, cluster, true);
	case TRACE_swap_table_published:
		/* after a sleep it has its number */
		table = rec->swap_table_published.table;
		nr = table_number(table, cluster, !p->slept);
		p->slept = false;
		return nr;
	case TRACE_swap_table_loaded:
		nr = table_number(rec->swap_table_loaded.table, cluster, false);
		table_loaded(nr, task);
		return nr;
	case TRACE_swap_table_freed:
		return table_number(rec->swap_table_freed.table, cluster, false);
	default:
		return 0;
	}
}

static void set_values(struct timeline_event *e, const struct trace_record *rec, u16 table)
{
	const struct trace_arg *arg;
	unsigned long value;
	unsigned int i;
	int at;

	for (i = 0; (arg = trace_arg(rec->id, i)); i++) {
		at = trace_arg_value(rec->id, i);
		if (at < 0)
			continue;
		value = rec->values[at];
		if (arg->kind == TRACE_ENTRY)
			value = swp_offset((swp_entry_t){ value });
		else if (arg->kind == TRACE_FOLIO)
			value = value ? folio_pfn((const struct folio *)value) : NO_FOLIO;
		else if (arg->kind == TRACE_TABLE)
			value = table;
		else if (arg->kind == TRACE_MM)
			value = value < ARRAY_SIZE(timeline->spaces) ? timeline->spaces[value] : 0;
		e->values[at] = value;
	}
}

static void probe(const struct trace_record *rec)
{
	const struct task_struct *task = current;
	struct pending *p = &pendings[task->id];
	struct object table_of = { 0 };
	struct timeline_event *e;

	arrive(task);
	if (timeline->watched.kind || timeline->placed)
		stack_here(&p->stack);
	e = record(task, EVENT_TRACE);
	e->id = rec->id;
	if (rec->ci) {
		e->obj = object_in_cluster(rec->ci, true);
		e->count = rec->ci->count;
		table_of = e->obj;
	} else if (rec->si) {
		e->obj = object(OBJECT_DEVICE, device_index(rec->si), 0);
	}
	if (rec->si)
		type_learn(rec->si);
	if (rec->id == TRACE_swap_table_alloc_enter)
		p->slept = false;
	set_values(e, rec, event_table(p, task, rec, &table_of));
}

static void state_save(struct task_state *state, const struct task_struct *task)
{
	unsigned int i;

	state->alive = true;
	state->cpu = task->cpu;
	state->op = task->op_nr;
	state->idle = !task->op;
	state->waits = task->waiting_for;
	state->nr_locks = min(task->nr_locks, (unsigned int)TASK_LOCKS_MAX);
	for (i = 0; i < state->nr_locks; i++) {
		state->locks[i].class = task->locks[i].class;
		state->locks[i].obj = object_at(task->locks[i].lock, task, task->locks[i].class);
		lock_seen(task->locks[i].lock, task->locks[i].class, state->locks[i].obj);
	}
}

/* A task that waits for a device to be idle waits for the references to it. */
static void references_waited_for(struct balance *balance)
{
	const struct task_state *t;
	unsigned int i, type;

	for (i = 0; i < SIM_TASKS_MAX; i++) {
		t = &timeline->tasks[i];
		if (!t->alive || !t->waits || t->wait.class != lock_class_none ||
		    t->wait.obj.kind != OBJECT_DEVICE)
			continue;
		for (type = 0; type < MAX_SWAPFILES; type++)
			if (timeline->types[type] == t->wait.obj.dev)
				*balance = (struct balance){ BALANCE_DEVICE_REFS, type, 0 };
	}
}

/* A report's hook: the last events, and how everybody stands. */
static void failed(FILE *out)
{
	const struct task_struct *task;
	unsigned int i;

	if (!timeline || timeline->failed)
		return;
	timeline->failed = true;
	if (current) {
		timeline->failing_task = current->id;
		if (!current->waiting_for)
			arrive(current);
	}
	for (i = 0; i < machine_nr_tasks() && i < SIM_TASKS_MAX; i++) {
		task = machine_task(i);
		if (task)
			state_save(&timeline->tasks[i], task);
	}
	for (i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i])
			type_learn(swap_info[i]);
	timeline->balance = *balance_failed();
	if (!timeline->balance.kind)
		references_waited_for(&timeline->balance);
	spaces_learn(timeline->spaces, ARRAY_SIZE(timeline->spaces));
}

void timeline_watch(struct timeline *tl, const struct balance *balance)
{
	tl->watched = *balance;
}

void timeline_place(struct timeline *tl)
{
	tl->placed = true;
}

void timeline_begin(struct timeline *tl)
{
	timeline = tl;
	tl->nr = 0;
	tl->nr_changes = 0;
	tl->nr_locks = 0;
	tl->failed = false;
	memset(&tl->balance, 0, sizeof(tl->balance));
	memset(tl->types, 0xff, sizeof(tl->types));
	memset(tl->spaces, 0, sizeof(tl->spaces));
	memset(tl->tasks, 0, sizeof(tl->tasks));
	memset(pendings, 0, sizeof(pendings));
	objects_reset();
	sim_set_tracer(tracer);
	program_probe_events(probe);
	report_add_hook(failed);
}
