// SPDX-License-Identifier: GPL-2.0-only
/* Which function asks: a symbolizer is slow, so what it said of a stack is kept. Built without instrumentation. */
#include <execinfo.h>
#include <string.h>
#include <sys/mman.h>

#include <kernel/types.h>
#include <machine/stack.h>

/* Functions that were asked for, in memory that a process shares with its children. */
#define KNOWN_MAX 256

enum { KNOWN_FREE, KNOWN_CLAIMED, KNOWN_THERE };

struct known {
	int state;
	struct stack stack;
	char function[80];
};

static struct known *known;

void stack_prepare(void)
{
	void *frame;

	if (known)
		return;
	/* the first call loads the unwinder */
	backtrace(&frame, 1);
	known = mmap(NULL, KNOWN_MAX * sizeof(*known), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (known == MAP_FAILED)
		known = NULL;
}

static struct known *find_known(const struct stack *stack)
{
	unsigned int i;

	for (i = 0; known && i < KNOWN_MAX; i++)
		if (__atomic_load_n(&known[i].state, __ATOMIC_ACQUIRE) == KNOWN_THERE &&
		    known[i].stack.nr == stack->nr &&
		    !memcmp(known[i].stack.pc, stack->pc, stack->nr * sizeof(*stack->pc)))
			return &known[i];
	return NULL;
}

static void remember(const struct stack *stack, const char *function)
{
	unsigned int i;
	int free;

	for (i = 0; known && i < KNOWN_MAX; i++) {
		free = KNOWN_FREE;
		if (!__atomic_compare_exchange_n(&known[i].state, &free, KNOWN_CLAIMED, false,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		known[i].stack = *stack;
		strcpy(known[i].function, function);
		__atomic_store_n(&known[i].state, KNOWN_THERE, __ATOMIC_RELEASE);
		return;
	}
}

const char *stack_function(void)
{
	static struct stack_place found;
	const struct known *k;
	struct stack stack;

	stack_here(&stack);
	k = find_known(&stack);
	if (k)
		return k->function[0] ? k->function : NULL;
	stack_places(&stack, 1, &found);
	remember(&stack, found.function);
	return found.function[0] ? found.function : NULL;
}
