/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The swap core's data structures and API (SPEC 2, 11-16).
 *
 * Vocabulary: a *slot* is one page of a device; an *entry* (swp_entry_t) names a slot; a
 * *cluster* is SWAPFILE_CLUSTER aligned slots under one lock; its *table* has one word a
 * slot; a *hint* is where a CPU allocated last.
 */
#ifndef _SWAP_SWAP_H
#define _SWAP_SWAP_H

#include <kernel/blkdev.h>
#include <kernel/folio.h>
#include <kernel/geometry.h>
#include <kernel/percpu-refcount.h>
#include <kernel/percpu.h>
#include <kernel/plist.h>
#include <kernel/seq_file.h>
#include <kernel/swap_entry.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <kernel/world.h>

struct mempolicy;
struct swap_io_ctx;
struct vm_area_struct;
struct vm_fault;

#define SWAP_ENTRY_INVALID 0
#define SWAP_POLICY 1			/* core/check/policy.c knows what it decides */
/* a swap file is one piece: slot N is its device's page N */
#define SWAP_FILE_EXTENTS 0

/* The order carries meaning: flags <= USABLE may be allocated from. */
enum swap_cluster_flags {
	CLUSTER_FLAG_NONE = 0,		/* on no list: claimed by an isolator */
	CLUSTER_FLAG_FREE,
	CLUSTER_FLAG_NONFULL,
	CLUSTER_FLAG_FRAG,
	CLUSTER_FLAG_USABLE = CLUSTER_FLAG_FRAG,
	CLUSTER_FLAG_FULL,
	CLUSTER_FLAG_DISCARD,
	CLUSTER_FLAG_MAX,
};

struct swap_cluster_info {
	spinlock_t lock;
	/* lock */
	u16 count;			/* slots not free, bad ones and the tail included */
	u8 flags;			/* enum swap_cluster_flags */
	u8 order;
	atomic_long_t __rcu *table;	/* written under lock; read under lock or RCU */
	unsigned int *extend_table;	/* counts that do not fit the word, or NULL */
	struct swap_memcg_table *memcg_table;	/* comes and goes with the table */
	/* si->lock */
	struct list_head list;
};

enum {
	SWP_USED = BIT(0),		/* the struct is in use */
	SWP_WRITEOK = BIT(1),		/* allocation is allowed */
	SWP_DISCARDABLE = BIT(2),
	SWP_DISCARDING = BIT(3),
	SWP_SOLIDSTATE = BIT(4),
	SWP_BLKDEV = BIT(6),
	SWP_ACTIVATED = BIT(7),
	SWP_FS_OPS = BIT(8),
	SWP_AREA_DISCARD = BIT(9),
	SWP_PAGE_DISCARD = BIT(10),
	SWP_STABLE_WRITES = BIT(11),
	SWP_SYNCHRONOUS_IO = BIT(12),
	SWP_HIBERNATION = BIT(13),	/* pinned for an image: swapoff fails */
};

#define SWAP_FLAG_PREFER	0x8000
#define SWAP_FLAG_PRIO_MASK	0x7fff
#define SWAP_FLAG_DISCARD	0x10000
#define SWAP_FLAG_DISCARD_ONCE	0x20000
#define SWAP_FLAG_DISCARD_PAGES	0x40000

/* inuse_pages: the device is on no avail list */
#define SWAP_USAGE_OFFLIST_BIT	BIT(30)
#define SWAP_USAGE_COUNTER_MASK	(~SWAP_USAGE_OFFLIST_BIT)

struct swap_sequential_cluster {
	unsigned int next[SWAP_NR_ORDERS_MAX];
};

/* One per device. Never freed once published in swap_info[]; reused by type. */
struct swap_info_struct {
	struct percpu_ref users;
	/* swap_lock + lock for writing; read anywhere: relaxed */
	unsigned long flags;
	/* set before users is resurrected, constant until its last reference is gone */
	short prio;
	unsigned char type;
	unsigned int max;		/* slots, header included */
	unsigned int pages;		/* usable slots */
	struct swap_cluster_info *cluster_info;
	struct block_device *bdev;
	/* atomic; OFFLIST bit under swap_avail_lock */
	atomic_long_t inuse_pages;
	/* lock */
	struct list_head free_clusters;
	struct list_head full_clusters;
	struct list_head nonfull_clusters[SWAP_NR_ORDERS_MAX];
	struct list_head frag_clusters[SWAP_NR_ORDERS_MAX];
	struct list_head discard_clusters;
	/* global_cluster_lock; used on rotating devices only */
	struct swap_sequential_cluster *global_cluster;
	spinlock_t global_cluster_lock;
	spinlock_t lock;		/* all cluster lists; flags together with swap_lock */
	struct plist_node list;		/* swap_active_head; swap_lock */
	struct plist_node avail_list;	/* swap_avail_head; swap_avail_lock */
	struct completion comp;		/* the last reference is gone */
	struct work_struct discard_work;
	struct work_struct reclaim_work;
	bool shown;			/* in /proc/swaps; swapon_mutex */
};

/* A hint per order: where this CPU allocated last. It pins nothing. */
struct percpu_swap_cluster {
	struct swap_info_struct *si[SWAP_NR_ORDERS_MAX];	/* cleared from afar by swapoff */
	unsigned long offset[SWAP_NR_ORDERS_MAX];
	local_lock_t lock;
};

DECLARE_PER_CPU(struct percpu_swap_cluster, percpu_swap_cluster);

extern unsigned int nr_swapfiles;
extern struct plist_head swap_active_head;	/* swap_lock */
extern struct plist_head swap_avail_head;	/* swap_avail_lock */
extern spinlock_t swap_lock, swap_avail_lock;
extern struct mutex swapon_mutex;
extern atomic_long_t nr_swap_pages;
extern long total_swap_pages;			/* swap_lock; read: relaxed */
extern atomic_t nr_rotate_swap;
extern atomic_t proc_poll_event;		/* changes when a device has come or gone */

static inline bool vm_swap_full(void)
{
	return atomic_long_read(&nr_swap_pages) * 2 < READ_ONCE(total_swap_pages);
}

static inline long get_nr_swap_pages(void)
{
	return atomic_long_read(&nr_swap_pages);
}

static inline unsigned int swp_cluster_offset(swp_entry_t entry)
{
	return swp_offset(entry) % SWAPFILE_CLUSTER;
}

static inline unsigned long swap_usage_in_pages(struct swap_info_struct *si)
{
	return atomic_long_read(&si->inuse_pages) & SWAP_USAGE_COUNTER_MASK;
}

/* device.c: references (SPEC 16) */
struct swap_info_struct *get_swap_device(swp_entry_t entry);
void put_swap_device(struct swap_info_struct *si);

/* alloc.c, entry.c, reclaim.c: the entry workflow (SPEC 12) */
int folio_alloc_swap(struct folio *folio);
int folio_dup_swap(struct folio *folio, struct page *page);	/* NULL: all of its pages */
void folio_put_swap(struct folio *folio, struct page *page);
bool folio_free_swap(struct folio *folio);
bool folio_maybe_swapped(struct folio *folio);
int swap_dup_entry_direct(swp_entry_t entry);
void swap_put_entries_direct(swp_entry_t entry, int nr);
int swap_retry_table_alloc(swp_entry_t entry, gfp_t gfp);
/* exact count of a slot; 0 if free or bad */
int swp_swapcount(swp_entry_t entry);
void si_swapinfo(struct sysinfo *val);
/* folio_free_swap() if the folio is cached, unmapped and its lock is free */
void free_swap_cache(struct folio *folio);
void free_folio_and_swap_cache(struct folio *folio);
void free_pages_and_swap_cache(struct encoded_page **pages, int nr);

/* hibernation.c (SPEC 13) */
int pin_hibernation_swap_type(dev_t device, sector_t offset);
void unpin_hibernation_swap_type(int type);
int find_first_swap(dev_t *device);
sector_t swapdev_block(int type, pgoff_t offset);
unsigned int count_swap_pages(int type, int free);
swp_entry_t swap_alloc_hibernation_slot(int type);
void swap_free_hibernation_slot(swp_entry_t entry);

/* cache.c: the swap cache (SPEC 11) */
struct folio *swap_cache_get_folio(swp_entry_t entry);
bool swap_cache_has_folio(swp_entry_t entry);
void *swap_cache_get_shadow(swp_entry_t entry);
/* lockless: counted, not bad */
bool swap_entry_swapped(struct swap_info_struct *si, swp_entry_t entry);
void swap_cache_del_folio(struct folio *folio);
void __swap_cache_add_folio(struct swap_cluster_info *ci, struct folio *folio,
			    swp_entry_t entry) __must_hold(ci->lock);
/* A cached folio comes or goes, in the statistics of its node and of the cgroup that it is charged to. */
void swap_cache_count(struct folio *folio, long nr_pages);
void __swap_cache_do_del_folio(struct swap_cluster_info *ci, struct folio *folio, swp_entry_t entry, void *shadow)
	__must_hold(ci->lock);
void __swap_cache_del_folio(struct swap_cluster_info *ci, struct folio *folio,
			    swp_entry_t entry, void *shadow, bool swapout)
	__must_hold(ci->lock);
void __swap_cache_replace_folio(struct swap_cluster_info *ci, struct folio *old,
				struct folio *new) __must_hold(ci->lock);

/* swapin.c */
struct folio *swap_cache_alloc_folio(swp_entry_t entry, gfp_t gfp, unsigned long orders,
				     struct vm_fault *vmf, struct mempolicy *mpol, pgoff_t ilx);
struct folio *swapin_sync(swp_entry_t entry, gfp_t gfp, unsigned long orders,
			  struct vm_fault *vmf, struct mempolicy *mpol, pgoff_t ilx);
struct folio *swapin_readahead(swp_entry_t entry, gfp_t gfp, struct vm_fault *vmf);
/* There is no zswap. */
static inline bool zswap_takes(const struct swap_info_struct *si)
{
	return false;
}
/* A fault has found its folio in the cache. Nothing is read ahead here, and there is nothing to learn from it. */
static inline void swap_update_readahead(struct folio *folio, struct vm_area_struct *vma, unsigned long addr)
{
}
struct folio *read_swap_cache_async(struct swap_io_ctx *ctx, swp_entry_t entry, gfp_t gfp,
				    struct vm_area_struct *vma, unsigned long addr);

/*
 * In core/mm/page_io.c. What a task reads or writes is collected in a context of its own, zeroed at
 * first, until it submits it, which it does before it waits for any of that.
 */
struct swap_io_ctx {
	struct swap_info_struct *sis;	/* unused here */
};
/* The folio is locked; unlocked when the data is there. */
void swap_read_folio(struct swap_io_ctx *ctx, struct folio *folio);
void swap_read_submit(struct swap_io_ctx *ctx);
/* The folio is locked; unlocked on return, unless that is not 0. */
int swap_writeout(struct swap_io_ctx *ctx, struct folio *folio);
void swap_write_submit(struct swap_io_ctx *ctx);

/* A new folio is charged: no cgroup is throttled here. */
static inline void folio_throttle_swaprate(struct folio *folio, gfp_t gfp) { }

static inline bool folio_matches_swap_entry(const struct folio *folio, swp_entry_t entry)
{
	if (!folio_test_swapcache(folio))
		return false;
	return folio->swap.val == round_down(entry.val, folio_nr_pages(folio));
}

/*
 * clang's analysis does not follow a function that returns a locked object: such functions
 * are not analysed, and their callers say what they got through these empty inlines.
 */
static inline void cluster_locked(struct swap_cluster_info *ci)
	__acquires(ci->lock) __no_context_analysis { }
static inline bool cluster_lock_got(struct swap_cluster_info *ci)
	__cond_acquires(true, ci->lock) __no_context_analysis { return ci; }

/*
 * Locked access to a folio's cluster, for those who change the swap cache from core/mm
 * (remove, migrate, split). The _irq flavours are the kernel's for memcg's sake.
 */
struct swap_cluster_info *swap_cluster_get_and_lock(const struct folio *folio);
struct swap_cluster_info *swap_cluster_get_and_lock_irq(const struct folio *folio);
void swap_cluster_unlock(struct swap_cluster_info *ci) __releases(ci->lock);
void swap_cluster_unlock_irq(struct swap_cluster_info *ci) __releases(ci->lock);

/*
 * What swapoff needs from the mm side (implemented in core/mm): for every mm with a swap PTE
 * of @si, bring the page back. Return: 0, -ENOMEM, -EINTR.
 */
int unuse_mms(struct swap_info_struct *si);
/* No device is in use any more: empty the mmlist. Context: swap_lock held. */
void mmlist_drain(void);

#endif /* _SWAP_SWAP_H */
