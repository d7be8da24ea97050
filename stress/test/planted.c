// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bug in the code under test of stress, for scripts/tests/hang.sh: linked with
 * --wrap=task_op_begin, with PLANTED=loop the operation `fork` loops for ever.
 */
#include <stdlib.h>
#include <string.h>

#include <machine/machine.h>

void __real_task_op_begin(const char *name);
void __wrap_task_op_begin(const char *name);

static noinline void planted_loop(void)
{
	volatile unsigned int i;

	for (i = 0; ; i++)
		;
}

void __wrap_task_op_begin(const char *name)
{
	const char *planted = getenv("PLANTED");

	__real_task_op_begin(name);
	if (planted && !strcmp(planted, "loop") && !strcmp(name, "fork"))
		planted_loop();
}
