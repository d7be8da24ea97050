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

static bool reached;
bool *mutant_reached = &reached;

bool mutant_met(void)
{
	__atomic_store_n(mutant_reached, true, __ATOMIC_RELAXED);
	return true;
}

extern const unsigned short __start_mutants_here[] __attribute__((weak));
extern const unsigned short __stop_mutants_here[] __attribute__((weak));

bool mutant_here(enum mutant_id id)
{
	const unsigned short *here;

	for (here = __start_mutants_here; here < __stop_mutants_here; here++)
		if (*here == id)
			return true;
	return false;
}

bool mutant_needs_weak(const struct mutant *m)
{
	return strchr(m->depth, 'W');
}

const char *mutant_weak_on(void)
{
	unsigned int i;

	for (i = 0; i < NR_MUTANTS; i++)
		if (mutant_on[i] && mutant_needs_weak(&mutants[i]))
			return mutants[i].name;
	return NULL;
}

static bool named(const char *name, const char *by, size_t len)
{
	return strlen(name) == len && !memcmp(name, by, len);
}

/* Of one name. Return: is there such a mutant or group? */
static bool enable(bool *on, const char *name, size_t len)
{
	bool found = false;
	unsigned int i;

	/* most mutants are in no group: theirs is "" */
	for (i = 0; len && i < NR_MUTANTS; i++) {
		if (!named(mutants[i].name, name, len) && !named(mutants[i].group, name, len))
			continue;
		on[i] = true;
		found = true;
	}
	return found;
}

int mutant_enable(const char *names)
{
	bool on[NR_MUTANTS];
	size_t len;

	memcpy(on, mutant_on, sizeof(on));
	for (;; names += len + 1) {
		len = strcspn(names, "+");
		if (!enable(on, names, len))
			return -ENOENT;
		if (!names[len])
			break;
	}
#ifdef MUTANTS_OFF
	return -EOPNOTSUPP;
#else
	memcpy(mutant_on, on, sizeof(on));
	return 0;
#endif
}

void mutants_reset(void)
{
	memset(mutant_on, 0, sizeof(mutant_on));
}
