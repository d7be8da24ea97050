/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mm around the swap core (SPEC 17): address spaces, folios, devices, and every operation
 * that stress workers and programs perform on them.
 *
 * Ground rules are SPEC 17.0's. Content: every page of a folio carries one word, the id of
 * the last store; every PTE has a ghost, the id its owner stored last; they are compared
 * whenever a page is mapped or accessed ("CONTENT").
 */
#ifndef _MM_MM_H
#define _MM_MM_H

#include <kernel/mutex.h>
#include <kernel/seq_file.h>
#include <kernel/tracepoint.h>
#include <kernel/vmstat.h>
#include <kernel/world.h>
#include <swap/swap.h>
#include <mm/swapops.h>
#include "mm_types.h"
#include "mm_view.h"

/* The mms related by fork. Members hold a reference each, and so does every folio. */
struct anon_family {
	struct mutex lock;		/* the rmap lock */
	struct list_head mms;		/* lock; newest first: the order in which PTLs nest */
	atomic_t refs;
	unsigned short memcg;		/* the cgroup that new memory is charged to */
	bool moved;			/* from one cgroup to another, and back: what was charged stays so */
};

/* --- the world --------------------------------------------------------------------------- */

/*
 * @pages: physical memory, in pages; folios beyond it cannot be allocated without reclaim.
 * Return: 0, -ENOMEM. Before swapfile_init(); geometry is set, no task runs.
 */
int mm_world_init(unsigned long pages);
/* All mms and devices are gone. Fails the run (LEAK) if folios are left. */
void mm_world_exit(void);

/* --- devices ----------------------------------------------------------------------------- */

struct bdev_options {
	unsigned long pages;
	bool rotating, discard, synchronous, stable_writes;
	bool swap_file;			/* not a block device: order 0 only */
	bool fs;			/* the swap file's file system does its I/O: no device shows */
	bool no_content;		/* bench memory: stores nothing */
	unsigned long last_page;	/* in the header; 0: pages - 1 */
	unsigned int nr_badpages;
	const unsigned int *badpages;	/* kept by the caller */
};

struct block_device *bdev_create(const struct bdev_options *options);
void bdev_destroy(struct block_device *bdev);
const struct bdev_options *bdev_options(const struct block_device *bdev);

/* bdev_layout.c: blocks of the device, those in gaps, too; the pages of a file that have blocks. */
unsigned long bdev_nr_blocks(const struct block_device *bdev);
unsigned long bdev_mapped_pages(const struct block_device *bdev);
/* bdev_block() the other way round: the page whose block this is; 0, the header's, if it is no page's. */
unsigned long bdev_page(const struct block_device *bdev, unsigned long block);
#define BDEV_BLOCK_BITS 2		/* 1 << this: blocks of a file that are a page */
/* As bdev_block() of any block of a swap file: it has some that are in no page. */
unsigned long bdev_file_block(const struct block_device *bdev, unsigned long block);
/* How many blocks the file has, those in no page among them; the last pages of some files have none. */
unsigned long bdev_file_blocks(const struct block_device *bdev);
/*
 * How many pieces a swap file has, and from where to where its pages are that have blocks, without the header.
 * Return: pieces
 */
unsigned int bdev_extents(const struct block_device *bdev, unsigned long *span);
/* Does the swap file's file system do its I/O? */
bool bdev_is_fs(const struct block_device *bdev);
/* The file system of a swap file is told that it is swapped to, or no longer ("IO-FILE"). */
void bdev_file_swapped(struct block_device *bdev, bool swapped);
/* It is asked to do I/O of the file ("IO-FILE"). */
void bdev_file_io(const struct block_device *bdev);
/*
 * @block: where the folio's slots are ("IO-BLOCK").
 * Plain memory: the swap cache orders all I/O on a slot. May sleep. A read that fails has filled the
 * folio with garbage. Return: 0, -EIO.
 */
int bdev_write(struct block_device *bdev, unsigned long block, struct folio *folio);
int bdev_read(struct block_device *bdev, unsigned long block, struct folio *folio);

/* --- address spaces ---------------------------------------------------------------------- */

struct mm_struct *mm_create(unsigned long nr_ptes);	/* one user; NULL: no memory */

/*
 * Operations. All may sleep and are called without locks. Return 0 or a negative errno:
 * -ENOENT nothing there, -EEXIST something there, -EBUSY locked or in use, -EAGAIN changed
 * meanwhile, -ENOMEM, -EIO, -EINTR made to stop (should_abort()).
 */
int mm_map(struct mm_struct *mm, unsigned long va, unsigned int order);
/* The same, but nothing was stored yet: the pages are all zeroes. */
int mm_map_zero(struct mm_struct *mm, unsigned long va, unsigned int order);
int mm_zap(struct mm_struct *mm, unsigned long va, unsigned long nr);
int mm_fault(struct mm_struct *mm, unsigned long va, bool write, unsigned int max_order);
int mm_read(struct mm_struct *mm, unsigned long va, unsigned int max_order);
int mm_write(struct mm_struct *mm, unsigned long va, unsigned int max_order);
int mm_write_zero(struct mm_struct *mm, unsigned long va, unsigned int max_order);
/* Copies [va, va + nr) into a new mm of the same size. */
int mm_fork(struct mm_struct *src, unsigned long va, unsigned long nr, struct mm_struct **dst);
/* The page at @src is at @dst then. */
int mm_move(struct mm_struct *mm, unsigned long dst, unsigned long src);

enum reclaim_flags {
	RECLAIM_DUP_ABORT = 1,		/* take each count back and leave the PTEs */
	RECLAIM_SKIP_WRITE = 2,		/* stop before writing */
	RECLAIM_KEEP_CACHE = 4,		/* stop before removal */
};
/* The folio of a present page, referenced; NULL if there is none. */
struct folio *mm_get_folio(struct mm_struct *mm, unsigned long va);
/* The folio at a pfn, referenced, if it is in use now; any folio at all. */
struct folio *arena_get_folio(unsigned long pfn);

/* Takes over the caller's reference. What it writes is under way after swap_write_submit(ctx). */
int reclaim_folio(struct swap_io_ctx *ctx, struct folio *folio, unsigned int flags);
/* The caller keeps its reference, which must be its only one. */
int migrate_folio(struct folio *folio);
int split_folio(struct folio *folio);		/* cached, unmapped; into pages */
int free_swap_folio(struct folio *folio);

int mm_reclaim(struct swap_io_ctx *ctx, struct mm_struct *mm, unsigned long va,
	       unsigned int flags);
int swap_readahead(unsigned int type, unsigned long offset, unsigned int window);
/* Reads what is swapped out of [va, va + nr) into the cache, and does not map it. Return: folios found or read. */
int mm_willneed(struct mm_struct *mm, unsigned long va, unsigned long nr);
/* Looks an entry up, locks and checks what it finds. Return: 1 if it was that entry's, 0. */
int swap_lookup(swp_entry_t entry);
/* Copies another CPU's hint to @cpu, for all orders. */
void swap_hint_poke(unsigned int cpu, unsigned int from);
/* Tries @nr folios of the arena; the registered shrinker. */
void shrink_folios(unsigned int nr);

/* --- what userspace is told: procfs.c ---------------------------------------------------- */

/**
 * swaps_read - read /proc/swaps
 * @buf: gets the text, which ends with its last line that fits
 * @size: of @buf, in bytes; 0 is not allowed
 * @lines: how many of them a read() gets, 1..; devices may come and go between two reads
 *
 * Context: may sleep.
 */
void swaps_read(char *buf, size_t size, unsigned int lines);
/* As sysinfo(): how much swap there is, and how much of it is free. */
void swap_sysinfo(struct sysinfo *info);
/**
 * smaps_read - read what /proc/PID/smaps tells of swap
 * @mm: pinned
 *
 * How many PTEs share each swapped page: swp_swapcount() of each swap entry, under its PTL.
 * Context: may sleep (mmap_lock).
 */
void smaps_read(struct mm_struct *mm);

/* --- hibernation images: image.c --------------------------------------------------------- */

struct swap_image;

/* What an image can take, as its writer was told when it began. */
struct image_room {
	unsigned int pages, free;
};
struct swap_image *swap_image_create(struct block_device *bdev);
int swap_image_add_slot(struct swap_image *image, swp_entry_t *entry);
unsigned long swap_image_nr_slots(const struct swap_image *image);
int swap_image_type(const struct swap_image *image);
struct image_room swap_image_room(const struct swap_image *image);
void swap_image_free(struct swap_image *image);

/* --- inside core/mm ---------------------------------------------------------------------- */

/* A PTE that is neither none nor present is a swap entry or, if that could not be read, poisoned. */
static inline bool pte_is_poisoned(pte_t pte)
{
	return (pte.val & PTE_SWAP) && swp_type(softleaf_from_pte(pte)) >= MAX_SWAPFILES;
}

static inline bool pte_is_swap(pte_t pte)
{
	return (pte.val & PTE_SWAP) && !pte_is_poisoned(pte);
}

static inline pte_t *mm_ptep(struct mm_struct *mm, unsigned long va)
{
	return &mm->ptes[va];
}

static inline spinlock_t *pte_lockptr(struct mm_struct *mm, unsigned long va)
{
	return &mm->ptls[va >> geometry.ptl_shift];
}

/* [va, va + nr) lies under one PTL */
static inline bool same_ptl(unsigned long va, unsigned long nr)
{
	return va >> geometry.ptl_shift == (va + nr - 1) >> geometry.ptl_shift;
}

static inline unsigned long folio_content(struct folio *folio, unsigned int page)
{
	return machine_seen(&folio->content[page],
			    __atomic_load_n(&folio->content[page], __ATOMIC_RELAXED));
}

static inline void folio_set_content(struct folio *folio, unsigned int page, unsigned long id)
{
	machine_store(&folio->content[page]);
	__atomic_store_n(&folio->content[page], id, __ATOMIC_RELAXED);
}

/* folio.c */
struct folio *folio_alloc_part(unsigned int order);	/* for splits: charges no memory */
/* Tells that the allocation or the charge that has just failed was for a folio of @order. */
void mm_large_failed(unsigned int order);
void folio_put_part(struct folio *folio);
void folio_free_frozen(struct folio *folio);		/* refcount 0, unlocked */
void folio_copy_content(struct folio *dst, unsigned int dst_page, struct folio *src,
			unsigned int src_page, unsigned int nr);
/* The reverse map: set once, under the folio lock, before the first PTE; only mm_move() changes it. */
void folio_set_anon_family(struct folio *folio, struct anon_family *family, unsigned long index);

/* mm.c */
struct anon_family *family_get(struct anon_family *family);
void family_put(struct anon_family *family);
struct mm_struct *mm_alloc(unsigned long nr_ptes, struct anon_family *family);
void mm_lists_init(void);
void images_init(void);
void memcg_init(void);
void swap_io_init(void);
void mmlist_add(struct mm_struct *mm, struct mm_struct *after);
/* INV-G20. Context: the PTL of @va, at which there is an entry now. */
void mm_assert_listed(const struct mm_struct *mm, unsigned long va);
/* INV-G20, of an @mm that has been taken off the list. */
void mm_assert_no_entries(struct mm_struct *mm);
void check_content(struct mm_struct *mm, unsigned long va, struct folio *folio, unsigned int page,
		   const char *where);
/* Return: next id to store at va */
unsigned long mm_store_id(struct mm_struct *mm, unsigned long va);

/* rmap.c */
void try_to_unmap(struct folio *folio, unsigned int flags);
/* Calls fn with the PTL held for every PTE that maps a page of the folio. */
typedef void (*rmap_fn)(struct mm_struct *mm, unsigned long va, pte_t pte, struct folio *folio,
			void *arg);
void rmap_walk(struct folio *folio, rmap_fn fn, void *arg);

/* zap.c */
void zap_range(struct mm_struct *mm, unsigned long va, unsigned long nr);

/* fault.c */
/*
 * As folio_matches_swap_entry(), of a locked folio that a lookup has found; "MATCH": if so, @entry is one of its slots.
 */
bool folio_has_entry(struct folio *folio, swp_entry_t entry);
bool folio_exclusive(struct mm_struct *mm, struct folio *folio);

/* split.c */
int split_folio_mapped(struct folio *folio, struct folio **parts);

#endif /* _MM_MM_H */
