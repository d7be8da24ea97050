/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutants of core/swap and the scenarios that show them: what mutant_test.c and the tables of
 * mutant_TOPIC.c have in common.
 */
#ifndef _SWAP_TEST_MUTANT_H
#define _SWAP_TEST_MUTANT_H

#include "fixture.h"

enum { NEEDS_ASAN = 1, NEEDS_TSAN = 2 };

/**
 * struct mutant_case - a mutant, a scenario that shows it, and the check that does
 * @mutant: its name in core/kernel/mutants.def, or a group of them
 * @id: the check that must fire, as it stands behind "FAIL  "
 * @scenario: run in a child: with the mutant it must fail by @id, without nothing may
 * @world: the world it runs in
 * @needs: the sanitizer that is the oracle, 0 for none
 */
struct mutant_case {
	const char *mutant;
	const char *id;
	void (*scenario)(void);
	struct world world;
	unsigned int needs;
};

struct mutant_topic {
	const char *name;
	const struct mutant_case *cases;
	unsigned int nr;
};

#define MUTANT_TOPIC(topic, table) \
	const struct mutant_topic topic = { #topic, table, ARRAY_SIZE(table) }

extern const struct mutant_topic mutant_table;
extern const struct mutant_topic mutant_alloc;
extern const struct mutant_topic mutant_cache;
extern const struct mutant_topic mutant_entry;
extern const struct mutant_topic mutant_device;

/* Allocates slots for a folio, which may fail, and frees both. */
void try_alloc(unsigned int order);
/* A task's function: try_alloc() of order *@arg, NULL: 0. */
void alloc_one(void *arg);
/* A task's function: swapoff of device *@arg. */
void swapoff_task(void *arg);

#endif /* _SWAP_TEST_MUTANT_H */
