// SPDX-License-Identifier: GPL-2.0-only
/* What swap I/O there was: of the folios of each cgroup, for INV-G15. */
#include "mm.h"
#include "mm_view.h"

static unsigned long io_counts[NR_MEMCGS + 1][NR_SWAP_IO];
static unsigned long io_folios[NR_MEMCGS + 1][SWAP_NR_ORDERS_MAX][NR_SWAP_IO];

void swap_io_init(void)
{
	__builtin_memset(io_counts, 0, sizeof(io_counts));
	__builtin_memset(io_folios, 0, sizeof(io_folios));
}

void swap_io_pages(const struct folio *folio, unsigned long nr, enum swap_io_count what)
{
	__atomic_fetch_add(&io_counts[folio->memcg][what], nr, __ATOMIC_RELAXED);
}

void swap_io_folio(const struct folio *folio, enum swap_io_count what)
{
	/* under I/O nobody splits it, so this is no scheduling point */
	unsigned int order = __atomic_load_n(&folio->_order, __ATOMIC_RELAXED);

	swap_io_pages(folio, 1UL << order, what);
	__atomic_fetch_add(&io_folios[folio->memcg][order % SWAP_NR_ORDERS_MAX][what], 1, __ATOMIC_RELAXED);
}

void swap_io_request(enum swap_io_count what)
{
	__atomic_fetch_add(&io_counts[0][what], 1, __ATOMIC_RELAXED);
}

unsigned long swap_io_count(unsigned short id, enum swap_io_count what)
{
	return __atomic_load_n(&io_counts[id][what], __ATOMIC_RELAXED);
}

unsigned long swap_io_folios(unsigned short id, unsigned int order, enum swap_io_count what)
{
	return __atomic_load_n(&io_folios[id][order][what], __ATOMIC_RELAXED);
}
