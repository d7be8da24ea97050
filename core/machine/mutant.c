// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <kernel/mutant.h>

const struct mutant mutants[NR_MUTANTS] = {
#define MUTANT(id, name, group, depth, oracle, source, text) \
	{ name, group, depth, oracle, source, text },
#include <kernel/mutants.def>
#undef MUTANT
};

bool mutant_on[NR_MUTANTS];

int mutant_enable(const char *name)
{
	unsigned int i;
	int err = -ENOENT;

	/* most mutants are in no group: theirs is "" */
	if (!*name)
		return err;
	for (i = 0; i < NR_MUTANTS; i++) {
		if (strcmp(mutants[i].name, name) && strcmp(mutants[i].group, name))
			continue;
		mutant_on[i] = true;
		err = 0;
	}
#ifdef MUTANTS_OFF
	if (!err)
		err = -EOPNOTSUPP;
#endif
	return err;
}

void mutants_reset(void)
{
	memset(mutant_on, 0, sizeof(mutant_on));
}
