/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs for the controlled machine, as text and parsed. The format is described in
 * fuzz/README.md.
 */
#ifndef _FUZZ_PROGRAM_PROGRAM_H
#define _FUZZ_PROGRAM_PROGRAM_H

#include <stdio.h>
#include <kernel/gfp.h>
#include <machine/choice.h>
#include <machine/random.h>
#include <world/names.h>
#include <world/op.h>

#define PROGRAM_TASKS_MAX 100
#define PROGRAM_OPS_MAX 64		/* per task */
#define PROGRAM_FAILS_MAX 16
#define PROGRAM_CHOICES_MAX SIM_CHOICES_MAX
#define PROGRAM_FOREVER 0xffffffffu	/* in `to` */
#define PROGRAM_NAME_MAX 40		/* of a check, with its final 0 */
#define PROGRAM_MUTANT_MAX 128		/* of mutants */
#define PROGRAM_REACHES_MAX 64
#define PROGRAM_ANY_TASK 0xff

struct program_task {
	u8 cpu;
	u8 nr_ops;
	struct op ops[PROGRAM_OPS_MAX];
};

struct program_fail {
	u8 site;			/* enum alloc_site */
	u32 from, to;			/* attempts, from 1, to maybe PROGRAM_FOREVER; or */
	u32 every;			/* every n-th */
};

/* A tracepoint that the schedule is to pass. */
struct program_reach {
	u8 task;			/* as in a choice, or PROGRAM_ANY_TASK */
	u8 event;			/* enum trace_id */
	u32 line;			/* of the file */
	/* its arguments, as `replay --trace` prints them; arguments that are not given match any */
	struct trace_value values[TRACE_ARGS_MAX];
};

struct program {
	union {
		struct world_spec;
		struct world_spec world;
	};
	unsigned int nr_fails, nr_tasks;
	struct program_fail fails[PROGRAM_FAILS_MAX];
	struct program_task tasks[PROGRAM_TASKS_MAX];

	unsigned int nr_choices;
	struct choice *choices;		/* malloc; in the order in which they were taken */

	unsigned int nr_reaches;	/* in this order */
	struct program_reach reaches[PROGRAM_REACHES_MAX];

	bool has_expect;
	char expect[PROGRAM_NAME_MAX];	/* "" and has_expect: pass */
	char mutant[PROGRAM_MUTANT_MAX];	/* "a", "a+b"; "": none */
};

struct program_error {
	unsigned int line, column;	/* from 1 */
	char text[320];			/* what was expected, and what was found */
};

/* The default: two CPUs, 8 slots a cluster, one device; no tasks. */
void program_init(struct program *prog);
void program_destroy(struct program *prog);
/* @dst is initialised, as program_init() leaves it. */
void program_copy(struct program *dst, const struct program *src);

/*
 * Parses @len bytes, which need not be a string. Return: 0, or -1 with @err set and @prog
 * destroyed. Every accepted program is valid: can be run as it is.
 */
int program_parse(struct program *prog, const char *text, size_t len, struct program_error *err);
/* Return: 0; -1 with the reason in @err (line 0: the file could not be read). */
int program_read(struct program *prog, const char *path, struct program_error *err);
/* Prints in canonical form: the output parses to an equal program, which prints the same. */
void program_print(FILE *out, const struct program *prog);
bool program_equal(const struct program *a, const struct program *b);

/* Removes what the program expects, including its mutant and tracepoints. */
void program_expect_nothing(struct program *prog);

/* The text of a tracepoint to reach, as in a program. */
void program_print_reach(FILE *out, const struct program_reach *reach);
/* The text of one choice, as in a program. */
void program_print_choice(FILE *out, const struct choice *choice);
const char *program_task_name(unsigned int task, char *buffer, size_t size);

/* The geometry of the build, if it has only one. */
void program_fit_geometry(struct program *prog);
/* A new program from a seed: swarm weights, geometry and devices included; no schedule. */
void program_generate(struct program *prog, u64 seed);
/* The same with fewer operations: for libFuzzer, which breeds it. */
void program_generate_short(struct program *prog, u64 seed);
/* Generated parts that fit into @prog. */
void program_generate_op(struct program *prog, struct op *op, u64 seed);
void program_generate_device(const struct program *prog, struct world_device *dev, u64 seed);
void program_generate_fail(struct program_fail *fail, u64 seed);

#endif /* _FUZZ_PROGRAM_PROGRAM_H */
