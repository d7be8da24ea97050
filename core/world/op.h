/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations with their operands, as data: ops.def and operands.def are the tables. */
#ifndef _WORLD_OP_H
#define _WORLD_OP_H

#include <stdio.h>
#include <world/spec.h>

#define OP_ARGS_MAX 4

enum op_id {
#define OP(name, args, weight, text) OP_##name,
#include <world/ops.def>
#undef OP
	NR_OPS,
};

struct op_info {
	const char *name, *args;	/* @args: letters of operands.def */
	unsigned int weight;
	const char *text;
};
extern const struct op_info op_infos[NR_OPS];

enum op_flag {
	OP_DUP_ABORT = 1,		/* the values of enum reclaim_flags */
	OP_SKIP_WRITE = 2,
	OP_KEEP_CACHE = 4,
	OP_ZERO = 8,			/* map, write: pages of zeroes */
};

/* Members that the operation does not have are 0. */
struct op {
	u8 id;				/* enum op_id */
	u8 flags;			/* enum op_flag */
	u8 order;
	u8 window;
	u16 nr;
	u16 signal;
	u16 args[OP_ARGS_MAX];		/* the arguments' values, in order */
};

/* What an argument must stay below. */
enum operand_bound {
	BOUND_NONE,
	BOUND_SPACES, BOUND_FOLIOS, BOUND_SLOTS,	/* the largest number of them in any world */
	BOUND_PAGES, BOUND_DEVICES, BOUND_CPUS,		/* their number in this world */
};

struct operand {
	char letter;			/* upper case: an argument, lower case: an option */
	const char *key;		/* an argument's prefix (NULL: a device's letter); an option's word */
	const char *text;		/* of an argument */
	enum operand_bound bound;
	u16 least, most, dflt;		/* of a number */
	u8 offset, size;		/* of its member of struct op, 1 or 2 bytes */
	u8 flag;			/* enum op_flag; 0: not a flag */
	u8 odds;			/* of a flag */
};
extern const struct operand operands[];
extern const unsigned int nr_operands;

static inline bool operand_is_argument(char letter)
{
	return letter >= 'A' && letter <= 'Z';
}

/* The operand with this letter, which must be one that ops.def uses. */
const struct operand *operand_of(char letter);
/* An argument's largest value in that world. */
unsigned int operand_most(const struct operand *o, const struct world_spec *spec);
/* An option's value. */
unsigned int operand_get(const struct operand *o, const struct op *op);
void operand_set(const struct operand *o, struct op *op, unsigned int value);

/* An operation with its options' defaults and arguments 0. */
void op_init(struct op *op, enum op_id id);
bool op_equal(const struct op *a, const struct op *b);
/* As in a program. */
void op_print(FILE *out, const struct op *op);

#endif /* _WORLD_OP_H */
