// SPDX-License-Identifier: GPL-2.0-only
/* Events that have a choice: open addressing. */
#include <stdlib.h>
#include <string.h>

#include "choice_set.h"

#define SIZE_MIN 64

static u64 hash_event(const struct choice *c)
{
	u64 key = (u64)c->task << 56 | (u64)c->anchor << 48 | (u64)c->op << 32 | c->nth;

	key *= 0x9e3779b97f4a7c15UL;
	return key ^ key >> 32;
}

static bool same_event(const struct choice *a, const struct choice *b)
{
	return a->task == b->task && a->anchor == b->anchor && a->op == b->op && a->nth == b->nth;
}

/* Its slot, or the one that it would take. */
static struct choice_slot *find(struct choice_set *set, const struct choice *c)
{
	u32 at = hash_event(c) & (set->size - 1);

	while (set->slots[at].tag && !same_event(&set->slots[at].event, c))
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static void grow(struct choice_set *set)
{
	struct choice_set old = *set;
	u32 i;

	set->size = old.size ? 2 * old.size : SIZE_MIN;
	set->slots = calloc(set->size, sizeof(*set->slots));
	if (!set->slots)
		abort();
	for (i = 0; i < old.size; i++)
		if (old.slots[i].tag)
			*find(set, &old.slots[i].event) = old.slots[i];
	free(old.slots);
}

u32 choice_set_add(struct choice_set *set, const struct choice *choice, u32 tag)
{
	struct choice_slot *slot;

	if (2 * set->nr >= set->size)
		grow(set);
	slot = find(set, choice);
	if (slot->tag)
		return slot->tag;
	slot->event = *choice;
	slot->tag = tag;
	set->nr++;
	return 0;
}

void choice_set_destroy(struct choice_set *set)
{
	free(set->slots);
	memset(set, 0, sizeof(*set));
}

unsigned int choices_unique(struct choice *choices, unsigned int nr)
{
	struct choice_set set = { 0 };
	unsigned int i, left = 0;

	for (i = 0; i < nr; i++)
		if (!choice_set_add(&set, &choices[i], 1))
			choices[left++] = choices[i];
	choice_set_destroy(&set);
	return left;
}
