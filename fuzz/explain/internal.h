/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the diagram: events become steps, some steps are kept, and those are drawn. */
#ifndef _FUZZ_EXPLAIN_INTERNAL_H
#define _FUZZ_EXPLAIN_INTERNAL_H

#include "diagram.h"

#define STEP_TEXT 160
#define STEP_OBJECTS 3
#define DEPTH_MAX 12

enum step_rank {
	RANK_NOISE,			/* drawn only by --full */
	RANK_MINOR,			/* left out of a folded diagram */
	RANK_NORMAL,
	RANK_MAJOR,			/* drawn wherever a step near it is drawn */
};

enum step_shape {
	SHAPE_LINE,
	SHAPE_OPEN,			/* a function or an operation begins */
	SHAPE_CLOSE,
	/* of tracepoints only: */
	SHAPE_BOTH,			/* a line, then its function's end */
	SHAPE_AFTER,			/* the function's end, then a line */
};

enum step_role {
	ROLE_PLAIN,
	ROLE_LOOKS,			/* not drawn again if it finds the same again */
	ROLE_COUNTS,			/* changes counters of a device or of all devices */
};

/* How a tracepoint is drawn: its row in core/kernel/trace_events.def. */
struct drawing {
	u8 rank, role, shape;
	u16 begin;			/* the tracepoint whose function this one ends, or NR_TRACE_EVENTS */
	const char *text;
};
extern const struct drawing drawings[NR_TRACE_EVENTS];

struct step {
	u8 task, cpu, depth;
	u8 kind;			/* of its event */
	u8 op;				/* of its task; up to 255 */
	u16 id;				/* of its tracepoint; else NR_TRACE_EVENTS */
	u8 rank, shape;
	bool keep;
	bool fail;			/* the failure happens here */
	bool race;			/* the other access of a race is here, or near here */
	bool gap;			/* steps of the task before this one are not drawn */
	bool again;			/* the steps from here on repeat */
	unsigned int event;		/* the number of its event in the timeline */
	int scope;			/* the OPEN that encloses it; -1: none */
	int other;			/* the CLOSE of an OPEN, or the OPEN of a CLOSE; -1: none */
	unsigned int nr_objs;
	struct object objs[STEP_OBJECTS];
	char text[STEP_TEXT];
};

struct diagram {
	unsigned int nr;
	struct step *steps;		/* malloc */
	unsigned int nr_columns;
	u8 columns[SIM_TASKS_MAX];	/* tasks, from left to right */
	u8 column_of[SIM_TASKS_MAX];
	const char *check;
	bool folded;
};

/* steps.c: all steps, nothing kept. */
void diagram_steps(struct diagram *d, const struct timeline *tl, const struct program *prog,
		   const struct diagram_options *options);
void diagram_destroy(struct diagram *d);

/* names.c; '?' beyond the last device */
char device_letter(u8 dev);
/* "FUNCTION: ", the function in which the watched number changed with that event; "": not known. */
void changed_in(char *text, size_t size, const struct timeline *tl, unsigned long event);
/* Of lines "    #N FUNCTION FILE:LINE" the innermost function of the code under test; "": none. */
void core_function(char *function, size_t size, const char *lines);
/* The object that the number belongs to; none for a global number. */
struct object balance_object(const struct balance *balance, const struct timeline *tl);

/* text.c: what one event says: text, rank, shape, objects. */
void step_text(struct step *step, const struct timeline_event *e, const struct program *prog);
void step_object(struct step *step, const struct object *obj);

/* focus.c: what the failure is about. */
#define FOCUS_MAX 16
struct focus {
	unsigned int nr, slots;		/* slots: of a cluster */
	struct object objs[FOCUS_MAX];
	u8 dev;				/* the device that the failing step names; 0xff: none */
	bool counts;			/* counters, of these devices or of all */
	bool whole_op;			/* all of the operation that fails */
	int hint_cpu;			/* about this CPU's hints; -1: no */
};
void focus_find(struct focus *f, const struct diagram *d, const struct timeline *tl,
		const struct program *prog, const struct diagram_options *options);
/* Does the step touch what the failure is about? */
bool focus_has(const struct focus *f, const struct step *s);
/* Is it a lock of a cluster that this is about, or that has a slot which it is about? */
bool focus_has_lock(const struct focus *f, const struct step *s);
/* Is it a phase of swapon or swapoff of a device that the failure is about? */
bool focus_has_phase(const struct focus *f, const struct step *s);

/* fold.c: which steps and which tasks are drawn. */
void diagram_fold(struct diagram *d, const struct timeline *tl, const struct program *prog,
		  const struct diagram_options *options);

/* loop.c: of what repeats at the end, one round stays. */
void loop_fold(struct diagram *d);
/* If no step of the loop would be drawn: the last steps of the failing task. */
void loop_keep_last(struct diagram *d, const struct timeline *tl);

/* diagram.c: "CPU 0 (task 0)" */
void column_title(char *text, size_t size, const struct diagram *d, unsigned int column);

/* The operation of the main task after all others have ended: its third one. */
#define OP_MAIN_END 3

static inline bool has_role(const struct step *s, enum step_role role)
{
	return s->id < NR_TRACE_EVENTS && drawings[s->id].role == role;
}

/* The main task sets up and waits; its later steps are drawn like those of any other task. */
static inline bool at_rest(const struct step *s)
{
	return s->task == SIM_TASK_MAIN && s->op < OP_MAIN_END;
}

#endif /* _FUZZ_EXPLAIN_INTERNAL_H */
