/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a thread is, or where a signal found it: the functions, files and lines of its stack, in every variant,
 * with a sanitizer or without.
 */
#ifndef _MACHINE_STACK_H
#define _MACHINE_STACK_H

#include <kernel/types.h>

#define STACK_FRAMES_MAX 32

struct stack {
	unsigned int nr;
	void *pc[STACK_FRAMES_MAX];	/* the innermost first; the others are return addresses */
};

/* What is said of one or more stacks. */
struct stack_text {
	char site[192];			/* "FILE:LINE in FUNCTION"; "?" if nothing is known */
	char lines[8192];		/* "    #N FUNCTION FILE:LINE", a line each */
};

/**
 * stack_prepare - what taking a stack in a signal handler needs, and only once
 *
 * What stack_function() learns is shared with children that are made after it.
 * Context: any but a signal handler.
 */
void stack_prepare(void);

/**
 * stack_take - the stack that a signal interrupted
 * @stack: where to
 * @context: the third argument of the signal's handler
 *
 * Context: a signal handler.
 */
void stack_take(struct stack *stack, const void *context);

/**
 * stack_here - the stack of the caller
 * @stack: where to
 *
 * Context: any.
 */
void stack_here(struct stack *stack);

/**
 * stack_describe - names, files and lines
 * @stacks: taken one after the other in one thread; the last one is drawn
 * @nr: how many
 * @text: what there is to say. The site is the innermost function of the code under test that is
 *	common to all stacks: of a loop, the function that holds it, not what it happens to call.
 *
 * Starts a symbolizer, and does without if there is none.
 * Context: no other thread does so; a signal handler of a process that is about to end will do.
 */
void stack_describe(const struct stack *stacks, unsigned int nr, struct stack_text *text);

/* A place in the code. */
struct stack_place {
	char function[80], place[104];	/* "FILE:LINE" */
};

/**
 * stack_places - where stacks are in the code under test
 * @stacks: not of one thread, nor of one time
 * @nr: how many
 * @places: of each, the innermost place in the code under test; "" if there is none
 *
 * Starts a symbolizer for about a hundred addresses each.
 * Context: no other thread does so.
 */
void stack_places(const struct stack *stacks, unsigned int nr, struct stack_place *places);

/**
 * stack_under_test - is a place in the code under test?
 * @place: "FILE:LINE"
 *
 * The harness is what runs that code; its tests are code under test.
 * Context: any.
 */
bool stack_under_test(const char *place);

/**
 * stack_function - the function of the code under test that the caller was called from
 *
 * Starts a symbolizer for each stack that is new to this process and its relatives.
 * Context: no other thread does so.
 * Return: the name of the innermost, NULL if the stack has none or there is no symbolizer; valid
 *	until the next call.
 */
const char *stack_function(void);

#endif /* _MACHINE_STACK_H */
