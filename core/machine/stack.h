/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stack of a thread, taken by the thread itself or by a signal handler: functions, files and lines,
 * in every variant, with or without a sanitizer.
 */
#ifndef _MACHINE_STACK_H
#define _MACHINE_STACK_H

#include <signal.h>

#include <kernel/types.h>

#define STACK_FRAMES_MAX 32

struct stack {
	unsigned int nr;
	void *pc[STACK_FRAMES_MAX];	/* the innermost first; the others are return addresses */
};

/* The description of one or more stacks. */
struct stack_text {
	char site[192];			/* "FILE:LINE in FUNCTION"; "?" if nothing is known */
	char lines[8192];		/* "    #N FUNCTION FILE:LINE", a line each */
};

/**
 * stack_prepare - prepare for taking stacks in a signal handler; needed once
 *
 * What stack_function() learns is shared with children forked after this call.
 * Context: any but a signal handler.
 */
void stack_prepare(void);

/**
 * stack_probe_by - a signal makes a thread call a handler at once, also where a sanitizer's run-time would defer it
 * @sig: sent with pthread_kill() to threads whose stacks are wanted
 * @probed: calls stack_take(), between tsan_ignore_sync_begin() and tsan_ignore_sync_end(), and nothing else that a
 *	sanitizer wraps
 *
 * Context: after stack_prepare().
 */
void stack_probe_by(int sig, void (*probed)(int sig, siginfo_t *info, void *context));

/**
 * stack_take - take the stack that a signal interrupted
 * @stack: filled
 * @context: the third argument of the signal's handler
 * @last: the process ends with this report: an unwinder that crashes on a stack that was overwritten does not end it.
 *	Calls what a sanitizer wraps
 *
 * Context: a signal handler.
 */
void stack_take(struct stack *stack, const void *context, bool last);

/**
 * stack_here - take the stack of the caller
 * @stack: filled
 *
 * Context: any.
 */
void stack_here(struct stack *stack);

/**
 * stack_describe - describe stacks by names, files and lines
 * @stacks: taken one after the other in one thread; the last one is drawn
 * @nr: the number of stacks
 * @text: the description. The site is the innermost function of the code under test that is
 *	common to all stacks: for a loop, the function that contains it, not a function it calls.
 *
 * Starts a symbolizer, and works without symbols if there is none.
 * Context: no other thread calls this; allowed in a signal handler of a process that is about to end.
 */
void stack_describe(const struct stack *stacks, unsigned int nr, struct stack_text *text);

/* A place in the code. */
struct stack_place {
	char function[80], place[104];	/* "FILE:LINE" */
};

/**
 * stack_places - find the places of stacks in the code under test
 * @stacks: may be of different threads and times
 * @nr: the number of stacks
 * @places: set to the innermost place of each in the code under test; "" if there is none
 *
 * Starts a symbolizer for each hundred addresses or so.
 * Context: no other thread calls this.
 */
void stack_places(const struct stack *stacks, unsigned int nr, struct stack_place *places);

/**
 * stack_under_test - is a place in the code under test?
 * @place: "FILE:LINE"
 *
 * The harness, which runs that code, is not; the harness's tests are.
 * Context: any.
 */
bool stack_under_test(const char *place);

/**
 * stack_function - the function of the code under test that the caller was called from
 *
 * Starts a symbolizer for each stack that is new to this process and its relatives.
 * Context: no other thread calls this.
 * Return: the name of the innermost such function, NULL if the stack has none or there is no
 *	symbolizer; valid until the next call.
 */
const char *stack_function(void);

#endif /* _MACHINE_STACK_H */
