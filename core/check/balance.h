/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Books: a number that the code keeps, and what it should be by everything else that is there.
 * At rest they agree, or a check fails. In the middle of an operation they may differ, but what
 * made them differ for good is not far behind the last moment at which they agreed.
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
	unsigned int type;		/* of the device, where it is one's */
	unsigned long nr;		/* cluster, slot, pfn */
};

#ifdef CHECK_ON

/**
 * balance_read - what a number is, and what it should be
 * @b: which
 * @is: set to its value
 * @should: set to what it should be; both are 0 if its object is not there now
 *
 * Takes no lock. Context: controlled machine; no other task runs, whatever it is in the middle of.
 */
void balance_read(const struct balance *b, long *is, long *should);

/* The one that the failed check is about; BALANCE_NONE: it is about none. */
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
