// SPDX-License-Identifier: GPL-2.0-only
/* Operations as data. Built without instrumentation: reports print them, too. */
#include <stddef.h>
#include <string.h>

#include <kernel/bug.h>
#include <world/op.h>

const struct op_info op_infos[NR_OPS] = {
#define OP(name, args, weight, text) { #name, args, weight, text },
#include <world/ops.def>
#undef OP
};

const struct operand operands[] = {
#define ARGUMENT(letter, prefix, below, text) { letter, prefix, text, .bound = BOUND_##below },
#define NUMBER(ltr, word, member, min, max, def)					\
	{ .letter = ltr, .key = word, .least = min, .most = max, .dflt = def,		\
	  .offset = offsetof(struct op, member),					\
	  .size = sizeof(((struct op *)NULL)->member) },
#define FLAG(ltr, word, bit, one_in)							\
	{ .letter = ltr, .key = word, .most = 1, .offset = offsetof(struct op, flags),	\
	  .size = 1, .flag = bit, .odds = one_in },
#include <world/operands.def>
#undef ARGUMENT
#undef NUMBER
#undef FLAG
};
const unsigned int nr_operands = ARRAY_SIZE(operands);

const struct operand *operand_of(char letter)
{
	unsigned int i;

	for (i = 0; i < nr_operands; i++)
		if (operands[i].letter == letter)
			return &operands[i];
	harness_fail("TEST", CODE_SITE, "ops.def: no operand '%c' in operands.def", letter);
}

unsigned int operand_most(const struct operand *o, const struct world_spec *spec)
{
	switch (o->bound) {
	case BOUND_SPACES:
		return WORLD_SPACES_MAX - 1;
	case BOUND_FOLIOS:
		return WORLD_FOLIOS_MAX - 1;
	case BOUND_SLOTS:
		return WORLD_DEVICE_PAGES_MAX - 1;
	case BOUND_PAGES:
		return spec->pages - 1;
	case BOUND_DEVICES:
		return spec->nr_devices - 1;
	case BOUND_CPUS:
		return spec->geometry.nr_cpus - 1;
	case BOUND_NONE:
		break;
	}
	return o->most;
}

unsigned int operand_get(const struct operand *o, const struct op *op)
{
	const u8 *at = (const u8 *)op + o->offset;

	if (o->flag)
		return !!(*at & o->flag);
	return o->size == 1 ? *at : *(const u16 *)at;
}

void operand_set(const struct operand *o, struct op *op, unsigned int value)
{
	u8 *at = (u8 *)op + o->offset;

	if (o->flag)
		*at = (*at & ~o->flag) | (value ? o->flag : 0);
	else if (o->size == 1)
		*at = value;
	else
		*(u16 *)at = value;
}

void op_init(struct op *op, enum op_id id)
{
	const char *letter;

	memset(op, 0, sizeof(*op));
	op->id = id;
	for (letter = op_infos[id].args; *letter; letter++)
		if (!operand_is_argument(*letter))
			operand_set(operand_of(*letter), op, operand_of(*letter)->dflt);
}

bool op_equal(const struct op *a, const struct op *b)
{
	return a->id == b->id && a->flags == b->flags && a->order == b->order && a->nr == b->nr &&
	       a->window == b->window && a->signal == b->signal &&
	       !memcmp(a->args, b->args, sizeof(a->args));
}

static void print_argument(FILE *out, const struct operand *o, unsigned int value)
{
	if (o->key)
		fprintf(out, " %s%u", o->key, value);
	else
		fprintf(out, " %c", 'A' + value);
}

static void print_option(FILE *out, const struct operand *o, unsigned int value)
{
	if (value == o->dflt)
		return;
	if (o->flag)
		fprintf(out, " %s", o->key);
	else
		fprintf(out, " %s=%u", o->key, value);
}

void op_print(FILE *out, const struct op *op)
{
	const struct operand *o;
	const char *letter;
	unsigned int n = 0;

	fputs(op_infos[op->id].name, out);
	for (letter = op_infos[op->id].args; *letter; letter++) {
		o = operand_of(*letter);
		if (operand_is_argument(*letter))
			print_argument(out, o, op->args[n++]);
		else
			print_option(out, o, operand_get(o, op));
	}
}
