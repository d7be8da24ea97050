/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known bugs, each behind a switch (design 7). core/kernel/mutants.def lists them; at its
 * place in the code stands mutant(ID). A constant false with MUTANTS_OFF (bench, cov).
 */
#ifndef _KERNEL_MUTANT_H
#define _KERNEL_MUTANT_H

#include <kernel/types.h>

enum mutant_id {
#define MUTANT(id, name, group, depth, oracle, source, text) MUTANT_##id,
#include "mutants.def"
#undef MUTANT
	NR_MUTANTS,
};

/*
 * @depth: ordering constraints between tasks that it takes (S: one task by itself), +F: and a failed
 * allocation, +W: and a store that others see late, so that but for TSan only weak memory shows it; "-":
 * not wrong by itself
 */
struct mutant {
	const char *name, *group, *depth, *oracle, *source, *text;
};
extern const struct mutant mutants[NR_MUTANTS];
extern bool mutant_on[NR_MUTANTS];

#ifdef MUTANTS_OFF
#define mutant(id) false
#else
/* each place is noted in a section, so that a program knows which of them it has */
#define mutant(id) ({								\
	static const unsigned short __mutant_here				\
		__attribute__((section("mutants_here"), used)) = MUTANT_##id;	\
	unlikely(mutant_on[MUTANT_##id]) && mutant_met();			\
})
#endif

/*
 * A place of a mutant that is on has been reached: *mutant_reached says so from then on. It is a
 * variable of the process, or where an engine has memory that its processes share. Return: true.
 */
bool mutant_met(void);
extern bool *mutant_reached;

/* Is the code of a mutant in this program? That of core/swap is not where a kernel tree's is. */
bool mutant_here(enum mutant_id id);

/*
 * Switches on the mutant, or every mutant of the group, named @names; "a+b" names two. Before
 * tasks start. Return: 0; -ENOENT: there is none of a name, or it is empty, and nothing is
 * switched on; -EOPNOTSUPP: they are compiled out.
 */
int mutant_enable(const char *names);
/* Does only weak memory (explore --weak) show it, or TSan? */
bool mutant_needs_weak(const struct mutant *m);
/* Return: the name of such a one that is on, or NULL. */
const char *mutant_weak_on(void);
void mutants_reset(void);

#endif /* _KERNEL_MUTANT_H */
