// SPDX-License-Identifier: GPL-2.0-only
/* memcg: a stub whose charges can fail. */
#include <kernel/memcontrol.h>
#include "mm.h"

int __mem_cgroup_try_charge_swap(struct folio *folio)
{
	if (!folio_test_swapcache(folio))
		return 0;
	return should_fail_alloc(ALLOC_CHARGE) ? -ENOMEM : 0;
}

int mem_cgroup_swapin_charge_folio(struct folio *folio, unsigned short id, struct mm_struct *mm,
				   gfp_t gfp)
{
	return should_fail_alloc(ALLOC_CHARGE_IN) ? -ENOMEM : 0;
}
