// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begin and end of the tree's functions. The compiler puts a call to __fentry__ at the begin of
 * each function (-pg -mfentry), before anything has touched its arguments, and one to
 * __cyg_profile_func_exit at its end (-finstrument-functions-after-inlining). Only what events.def names is looked
 * at: the table is indexed by the function's address.
 *
 * Built without instrumentation.
 */
#include <swap/swap.h>
#include "hooks.h"

#ifndef __x86_64__
#error "core/linux sees the arguments of the tree's functions on x86-64 alone"
#endif

#define HOOK_SLOTS (1 << 15)		/* functions are 16 bytes apart: half a MiB of text */

__used const struct tree_hook *tree_hook_at[HOOK_SLOTS];

static unsigned int slot_of(const void *fn)
{
	return ((unsigned long)fn >> 4) & (HOOK_SLOTS - 1);
}

void tree_hooks_add(const struct tree_hook *hooks, unsigned int nr)
{
	unsigned int i, slot;

	for (i = 0; i < nr; i++) {
		slot = slot_of(hooks[i].fn);
		if (tree_hook_at[slot] && tree_hook_at[slot] != &hooks[i])
			harness_fail("SETUP", CODE_SITE, "two functions of the tree have one slot");
		tree_hook_at[slot] = &hooks[i];
	}
}

void __cyg_profile_func_exit(void *fn, void *site);
void __cyg_profile_func_exit(void *fn, void *site)
{
	const struct tree_hook *hook = tree_hook_at[slot_of(fn)];

	if (hook && hook->fn == fn)
		tree_function_exit(hook);
}

/*
 * At entry the return address is that of the function, plus the five bytes of the call. Arguments
 * are in rdi, rsi, rdx, rcx, r8, r9; rax belongs to functions with variable arguments.
 */
__asm__(
	".text\n"
	".globl __cyg_profile_func_enter\n"
	".type __cyg_profile_func_enter, @function\n"
	"__cyg_profile_func_enter:\n"
	"	ret\n"
	".size __cyg_profile_func_enter, . - __cyg_profile_func_enter\n"
	".globl __fentry__\n"
	".type __fentry__, @function\n"
	"__fentry__:\n"
	"	movq	(%rsp), %r11\n"
	"	subq	$5, %r11\n"
	"	movq	%r11, %r10\n"
	"	shrq	$4, %r10\n"
	"	andl	$" __stringify(((1 << 15) - 1)) ", %r10d\n"
	"	pushq	%rax\n"
	"	leaq	tree_hook_at(%rip), %rax\n"
	"	movq	(%rax,%r10,8), %r10\n"
	"	popq	%rax\n"
	"	testq	%r10, %r10\n"
	"	je	1f\n"
	"	cmpq	%r11, (%r10)\n"
	"	jne	1f\n"
	"	pushq	%rax\n"
	"	pushq	%r9\n"
	"	pushq	%r8\n"
	"	pushq	%rcx\n"
	"	pushq	%rdx\n"
	"	pushq	%rsi\n"
	"	pushq	%rdi\n"
	"	movq	%rsp, %rsi\n"
	"	movq	%r10, %rdi\n"
	"	subq	$8, %rsp\n"
	"	call	tree_function_enter\n"
	"	addq	$8, %rsp\n"
	"	popq	%rdi\n"
	"	popq	%rsi\n"
	"	popq	%rdx\n"
	"	popq	%rcx\n"
	"	popq	%r8\n"
	"	popq	%r9\n"
	"	popq	%rax\n"
	"1:	ret\n"
	".size __fentry__, . - __fentry__\n");
