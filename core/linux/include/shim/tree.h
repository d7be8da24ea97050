/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All of the shims, and the tree's own headers of swap: included before everything else in each
 * file of a tree's build. For each kernel header that neither the tree's copies nor the shims
 * provide, scripts/tree makes an empty file.
 */
#ifndef _SHIM_TREE_H
#define _SHIM_TREE_H

#include <linux/kconfig.h>
#include <shim/compiler.h>
#include <shim/atomic.h>
#include <shim/moreatomic.h>
#include <shim/sched.h>
#include <shim/lock.h>
#include <shim/seqlock.h>
#include <shim/slab.h>
#include <kernel/tracepoint.h>
#include <shim/list.h>
#include <shim/hlist.h>
#include <mm/mm_types.h>
#include <shim/page.h>
#include <shim/init.h>
#include <shim/fs.h>
#include <shim/procfs.h>
#include <shim/blkdev.h>
#include <shim/bio.h>
#include <shim/memcg.h>
#include <shim/mm.h>
#include <shim/guard.h>
#include LINUX_API			/* what this generation of the tree needs beyond that */

/* functions that read what races by design: TSan does not look into them */
#define RACY_FIELD(type, member, why)
#define RACY_POINTER(name, why)
#define RACY_READER(prototype, why) prototype __attribute__((no_sanitize("thread")));
#include <kcsan.def>
#undef RACY_FIELD
#undef RACY_POINTER
#undef RACY_READER

/* the tree's headers name the tree's current */
#undef current
#define current tree_current
#include <linux/swap.h>
#if GEOMETRY_PMD_ORDER < 9
/* rare paths are common: a batch of I/O that is full */
#undef SWAP_CLUSTER_MAX
#define SWAP_CLUSTER_MAX 4UL
#endif
#include <linux/swapops.h>
#include <linux/leafops.h>
/* a page that cannot be read is poisoned, whatever the reason */
#define make_hwpoison_entry(page) (VM_BUG_ON_FOLIO(!folio_test_locked(page_folio(page)), page_folio(page)), \
				   make_poisoned_swp_entry())
#include <shim/morefolio.h>
#ifndef TREE_SOURCE
#undef current
#define current get_current()
#endif

#endif /* _SHIM_TREE_H */
