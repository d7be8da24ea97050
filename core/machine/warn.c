// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a WARN does: it ends the run, as with panic_on_warn, or the run goes on, as most kernels
 * do, and what follows is seen. Built without instrumentation.
 */
#include <kernel/bug.h>
#include <kernel/machine.h>
#include <machine/task.h>
#include <machine/warn.h>

static bool goes_on;
static struct warning warnings[WARNINGS_MAX];
static unsigned int nr_warnings;

void warn_set_go(bool go)
{
	goes_on = go;
}

bool warn_goes_on(void)
{
	return goes_on;
}

void warn_reset(void)
{
	nr_warnings = 0;
}

unsigned int warn_count(void)
{
	return __atomic_load_n(&nr_warnings, __ATOMIC_RELAXED);
}

const struct warning *warn_get(unsigned int nr)
{
	return nr < warn_count() && nr < WARNINGS_MAX ? &warnings[nr] : NULL;
}

bool harness_warn(const char *site, const char *func, const char *text)
{
	unsigned int nr;

	if (!goes_on)
		harness_fail("WARN", site, "%s: WARN_ON(%s)", func, text);
	nr = __atomic_fetch_add(&nr_warnings, 1, __ATOMIC_RELAXED);
	if (nr < WARNINGS_MAX)
		warnings[nr] = (struct warning){
			.site = site, .func = func, .text = text,
			.task = current ? current->name : "no task",
		};
	return true;
}
