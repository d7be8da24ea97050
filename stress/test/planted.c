// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bug in the code under test of stress, for scripts/tests/hang.sh: linked with
 * --wrap=task_op_begin, with PLANTED=loop the operation `fork` loops for ever, and says so before; with
 * PLANTED=freed it uses memory that it has freed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <machine/machine.h>

void __real_task_op_begin(const char *name);
static noinline void planted_freed(void)
{
	volatile char *p = malloc(64);

	free((void *)p);
	if (p[8])
		abort();
}

void __wrap_task_op_begin(const char *name);

static noinline void planted_loop(void)
{
	static const char said[] = "planted: loops\n";
	volatile unsigned int i;

	if (write(STDERR_FILENO, said, sizeof(said) - 1) < 0)
		_exit(1);
	for (i = 0; ; i++)
		;
}

void __wrap_task_op_begin(const char *name)
{
	const char *planted = getenv("PLANTED");

	__real_task_op_begin(name);
	if (planted && !strcmp(planted, "loop") && !strcmp(name, "fork"))
		planted_loop();
	if (planted && !strcmp(planted, "freed") && !strcmp(name, "fork"))
		planted_freed();
}
