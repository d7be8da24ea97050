// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers: Boost.Context's C interface, with what TSan and ASan must be told. TSan sees a fiber
 * as a thread, and a switch as no synchronisation: it reports the races of a serialised run.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <kernel/bug.h>
#include "internal.h"

#define STACK_SIZE (64UL << 10)
#define GUARD_SIZE 4096UL

/* boost/context/detail/fcontext.hpp, in C */
struct transfer {
	void *fctx, *data;
};
struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_top, size_t size, void (*fn)(struct transfer));

#if __has_feature(address_sanitizer)
#define SIM_ASAN
#endif
void __sanitizer_start_switch_fiber(void **fake, const void *bottom, size_t size)
	__attribute__((weak));
void __sanitizer_finish_switch_fiber(void *fake, const void **bottom, size_t *size)
	__attribute__((weak));
void *__tsan_create_fiber(unsigned int flags) __attribute__((weak));
void *__tsan_get_current_fiber(void) __attribute__((weak));
void __tsan_switch_to_fiber(void *fiber, unsigned int flags) __attribute__((weak));
void __tsan_set_fiber_name(void *fiber, const char *name) __attribute__((weak));
#define TSAN_SWITCH_NO_SYNC 1

static struct sigaction old_segv;
static char *stacks;			/* of all fibers, one behind the other */
static unsigned int nr_stacks;

void fiber_switch(struct sim_task *from, struct sim_task *to)
{
	struct transfer tr;

	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&from->asan_fake, to->stack, to->stack_size);
	if (__tsan_switch_to_fiber)
		__tsan_switch_to_fiber(to->tsan_fiber, TSAN_SWITCH_NO_SYNC);
	tr = jump_fcontext(to->ctx, from);
	((struct sim_task *)tr.data)->ctx = tr.fctx;
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(from->asan_fake, NULL, NULL);
}

static void fiber_entry(struct transfer tr)
{
	((struct sim_task *)tr.data)->ctx = tr.fctx;
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
	sim_fiber_main(sim_self());
}

void fiber_create(struct sim_task *task)
{
	char *map;

	if (!stacks)
		stacks = sim_reserve(SIM_TASKS_MAX * (GUARD_SIZE + STACK_SIZE));
	map = stacks + nr_stacks++ * (GUARD_SIZE + STACK_SIZE);
	if (mprotect(map, GUARD_SIZE, PROT_NONE))
		harness_fail("SETUP", CODE_SITE, "no memory for a stack");
	task->stack = map + GUARD_SIZE;
	task->stack_size = STACK_SIZE;
	task->ctx = make_fcontext(task->stack + STACK_SIZE, STACK_SIZE, fiber_entry);
	if (__tsan_create_fiber)
		task->tsan_fiber = __tsan_create_fiber(0);
}

bool sim_on_stack(unsigned long addr)
{
	const struct sim_task *main = sim_tasks[SIM_TASK_MAIN];
	unsigned long from = (unsigned long)stacks;

	return addr - from < SIM_TASKS_MAX * (GUARD_SIZE + STACK_SIZE) ||
	       (main && addr - (unsigned long)main->stack < main->stack_size);
}

/* For TSan's reports; kept over schedules, like the fiber. */
void fiber_set_name(struct sim_task *task)
{
	char name[TASK_NAME_MAX + 8];

	if (!__tsan_set_fiber_name)
		return;
	snprintf(name, sizeof(name), "%s%s", task->task.id < SIM_TASK_USER ? "" : "task ",
		 task->task.name);
	__tsan_set_fiber_name(task->tsan_fiber, name);
}

/* Is it the guard page of the stack that is in use? That of another one is met by a write that has gone wild. */
static bool overflows(const struct sim_task *task, const char *addr)
{
	return task->stack && task->task.id != SIM_TASK_MAIN && addr >= task->stack - GUARD_SIZE && addr < task->stack;
}

static void segv(int sig, siginfo_t *info, void *context)
{
	struct sim_task *task = sim_self();

	if (overflows(task, info->si_addr))
		harness_fail("STACK-OVERFLOW", task->task.op ? task->task.op : CODE_SITE,
			     OBJ_TASK " (%s) used more than its %lu KiB of stack", task->task.id,
			     task->task.name, STACK_SIZE >> 10);
	if (old_segv.sa_flags & SA_SIGINFO)
		old_segv.sa_sigaction(sig, info, context);
	else if (old_segv.sa_handler != SIG_DFL && old_segv.sa_handler != SIG_IGN)
		old_segv.sa_handler(sig);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* The stack of the thread itself becomes the main task's. */
void fiber_init_main(struct sim_task *main)
{
	static char alt_stack[64 << 10];
	stack_t alt = { .ss_sp = alt_stack, .ss_size = sizeof(alt_stack) };
	struct sigaction action = { .sa_sigaction = segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	pthread_attr_t attr;
	void *stack;

	if (__tsan_get_current_fiber)
		main->tsan_fiber = __tsan_get_current_fiber();
	if (!pthread_getattr_np(pthread_self(), &attr)) {
		pthread_attr_getstack(&attr, &stack, &main->stack_size);
		pthread_attr_destroy(&attr);
		main->stack = stack;
	}
	sigaltstack(&alt, NULL);
	sigaction(SIGSEGV, &action, &old_segv);
}
