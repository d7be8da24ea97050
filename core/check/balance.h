/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Balances: a number that the code keeps, and its expected value, computed from all other state.
 * At rest the two agree, or a check fails. In the middle of an operation they may differ. If they stay
 * different, the cause lies shortly after the last moment at which they agreed.
 */
#ifndef _CHECK_BALANCE_H
#define _CHECK_BALANCE_H

#include <check/check.h>

enum balance_kind {
	BALANCE_NONE,
	BALANCE_FREE_PAGES,		/* nr_swap_pages */
	BALANCE_TOTAL_PAGES,		/* total_swap_pages */
	BALANCE_ROTATING,		/* nr_rotate_swap */
	BALANCE_USAGE,			/* a device's usage, against slots taken and not freed */
	BALANCE_CLUSTERS,		/* what a device's clusters count, against its usage */
	BALANCE_FREE_SLOTS,		/* a device's NULL words, against its usage */
	BALANCE_AVAIL,			/* is a device on the avail list? */
	BALANCE_DEVICE_REFS,		/* references to a device */
	BALANCE_CLUSTER,		/* a cluster's count, against its words */
	BALANCE_COUNT,			/* a slot's count, against its owners */
	BALANCE_FOLIO_REFS,		/* a folio's references */
	BALANCE_FOLIO_MAPS,		/* a folio's mapcount */
	BALANCE_TABLES,			/* tables in memory */
	BALANCE_EXTENDS,		/* extend tables in memory */
};

struct balance {
	enum balance_kind kind;
	unsigned int type;		/* of the device, for a number of a device */
	unsigned long nr;		/* cluster, slot, pfn */
};

#ifdef CHECK_ON

/**
 * balance_read - read a number and its expected value
 * @b: which number
 * @is: set to its value
 * @should: set to its expected value; both are 0 if its object does not exist now
 *
 * Takes no lock. Context: controlled machine; no other task runs, though it may be in an operation.
 */
void balance_read(const struct balance *b, long *is, long *should);

/* The number that the failed check is about; BALANCE_NONE if it is about no number. */
const struct balance *balance_failed(void);

#else

static inline void balance_read(const struct balance *b, long *is, long *should)
{
	*is = *should = 0;
}

static inline const struct balance *balance_failed(void)
{
	static const struct balance none;

	return &none;
}

#endif /* CHECK_ON */

#endif /* _CHECK_BALANCE_H */
