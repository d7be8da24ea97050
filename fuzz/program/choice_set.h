/* SPDX-License-Identifier: GPL-2.0-only */
/* The set of events that have a choice: an event may have only one. */
#ifndef _FUZZ_PROGRAM_CHOICE_SET_H
#define _FUZZ_PROGRAM_CHOICE_SET_H

#include <machine/choice.h>

struct choice_set {
	struct choice_slot {
		struct choice event;	/* without its value */
		u32 tag;		/* 0: empty */
	} *slots;
	u32 size, nr;			/* a power of two; slots in use */
};

/**
 * choice_set_add - note that an event has a choice
 * @set: all zero at first
 * @choice: the choice; its value does not matter
 * @tag: returned for the next choice at this event, above 0
 *
 * Return: 0, or the tag of the choice that the event has already.
 */
u32 choice_set_add(struct choice_set *set, const struct choice *choice, u32 tag);
void choice_set_destroy(struct choice_set *set);

/* Removes, in place, all but the first choice at an event. Return: how many are left. */
unsigned int choices_unique(struct choice *choices, unsigned int nr);

#endif /* _FUZZ_PROGRAM_CHOICE_SET_H */
