// SPDX-License-Identifier: GPL-2.0-only
/* Mutants by their names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <kernel/mutant.h>
#include <util/suggest.h>
#include <util/text.h>
#include "mutant_name.h"

const char *mutant_at(unsigned int i)
{
	unsigned int group = i - NR_MUTANTS, j;

	if (i < NR_MUTANTS)
		return mutants[i].name;
	if (group >= NR_MUTANTS)
		return NULL;
	for (j = 0; j < group; j++)
		if (!strcmp(mutants[j].group, mutants[group].group))
			return "";
	return mutants[group].group;
}

static bool one_known(const char *name, size_t len)
{
	const char *known;
	unsigned int i;

	for (i = 0; len && (known = mutant_at(i)); i++)
		if (strlen(known) == len && !memcmp(known, name, len))
			return true;
	return false;
}

bool mutant_known(const char *names, size_t len)
{
	const char *plus;

	for (; (plus = memchr(names, '+', len)); len -= plus + 1 - names, names = plus + 1)
		if (!one_known(names, plus - names))
			return false;
	return one_known(names, len);
}

bool mutant_name_weak(const char *names)
{
	unsigned int i;
	size_t len;

	for (;; names += len + 1) {
		len = strcspn(names, "+");
		for (i = 0; i < NR_MUTANTS; i++)
			if (strlen(mutants[i].name) == len && !memcmp(mutants[i].name, names, len) &&
			    mutant_needs_weak(&mutants[i]))
				return true;
		if (!names[len])
			return false;
	}
}

int mutant_switch_on(const char *name, char *why)
{
	char near[SUGGEST_TEXT];
	int err = mutant_enable(name);

	if (!err)
		return 0;
	if (!*name)
		snprintf(why, MUTANT_WHY, "the name of a mutant is empty; --list of explore has them");
	else if (err == -ENOENT)
		snprintf(why, MUTANT_WHY, "no mutant or group '%.64s'%s; --list of explore has them",
			 text_shown(name), suggest(near, sizeof(near), name, strlen(name), mutant_at));
	else
		snprintf(why, MUTANT_WHY, "mutants are not built into this variant: use dev, asan or tsan");
	return -1;
}

/* Has the program the mutant, or one of the group, or of each in "a+b"? */
static bool here(const char *names)
{
	size_t len;
	bool found;
	unsigned int i;

	for (;; names += len + 1) {
		len = strcspn(names, "+");
		for (i = 0, found = false; i < NR_MUTANTS && !found; i++)
			found = mutant_here(i) &&
				((strlen(mutants[i].name) == len && !memcmp(mutants[i].name, names, len)) ||
				 (strlen(mutants[i].group) == len && !memcmp(mutants[i].group, names, len)));
		if (!found || !names[len])
			return found;
	}
}

int mutant_option(const char *name, char *why)
{
	size_t len;
	unsigned int i;

	if (mutant_switch_on(name, why))
		return -1;
	if (here(name))
		return 0;
	snprintf(why, MUTANT_WHY, "the code of mutant '%.64s' is not in this program, which has a kernel tree's; "
		 "scripts/tree --mutant plants those of a tree; this one knows:", text_shown(name));
	for (i = 0; i < NR_MUTANTS; i++) {
		len = strlen(why);
		if (mutant_here(i))
			snprintf(why + len, MUTANT_WHY - len, " %s", mutants[i].name);
	}
	return -1;
}
