/* SPDX-License-Identifier: GPL-2.0-only */
/* WARNs of the code under test: the option, and the WARNs that have fired. */
#ifndef _MACHINE_WARN_H
#define _MACHINE_WARN_H

#include <kernel/types.h>

#define WARNINGS_MAX 16			/* kept; more are only counted */

struct warning {
	const char *site, *func, *text, *task;
};

/* --warn=go; the default is fail. Context: no task runs. */
void warn_set_go(bool go);
bool warn_goes_on(void);
/* A new schedule: none has fired. */
void warn_reset(void);
unsigned int warn_count(void);
/* The first WARNINGS_MAX; NULL beyond the last. */
const struct warning *warn_get(unsigned int nr);

#endif /* _MACHINE_WARN_H */
