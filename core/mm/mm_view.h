/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the checks at rest need to see of core/mm. Iterators run with no other task in mm code
 * and take no lock.
 */
#ifndef _MM_MM_VIEW_H
#define _MM_MM_VIEW_H

#include <kernel/blkdev.h>
#include <kernel/folio.h>
#include <kernel/vmstat.h>

/* The content of a page of zeroes: what other stores leave is never this. */
#define CONTENT_ZERO 0x2e50UL

#define NR_MEMCGS 2			/* from 1; 0: none */

/* A cgroup as the code under test knows it: by an id that no byte holds. */
static inline unsigned short memcg_id(unsigned int nr)
{
	return nr * 0x101;
}

/* Return: the number of the cgroup with this id; behind the last one if there is none. */
static inline unsigned int memcg_nr(unsigned short id)
{
	return id % 0x101 ? NR_MEMCGS + 1 : id / 0x101;
}
/* Pages of swap that are charged to a cgroup. */
long mem_cgroup_swap_usage(unsigned short id);
/* Its events, and what it has, as the code under test counts them; @id 0: those of no cgroup. */
unsigned long mem_cgroup_events(unsigned short id, enum vm_event_item item);
long mem_cgroup_page_state(unsigned short id, enum node_stat_item item);
/* References to object cgroups that nobody has dropped. */
long obj_cgroups_held(void);

/* What swap I/O there was, as devices and folios saw it: pages, and requests of any number of them. */
enum swap_io_count {
	SWAP_IO_READ,			/* asked for */
	SWAP_IO_READ_DONE,		/* ... and read */
	SWAP_IO_WRITE,
	SWAP_IO_WRITE_DONE,
	SWAP_IO_ZERO_IN,		/* filled with zeroes */
	SWAP_IO_ZERO_OUT,		/* marked in the table */
	SWAP_IO_ZSWAP_OUT,		/* taken by zswap */
	SWAP_IO_READS,			/* requests */
	SWAP_IO_WRITES,
	SWAP_IO_AHEAD,			/* pages marked as read ahead, in a tree */
	SWAP_IO_AHEAD_HIT,		/* ... and found so */
	NR_SWAP_IO,
};
void swap_io_folio(const struct folio *folio, enum swap_io_count what);
void swap_io_pages(const struct folio *folio, unsigned long nr, enum swap_io_count what);
void swap_io_request(enum swap_io_count what);
/* Of the folios of a cgroup; requests: of 0. */
unsigned long swap_io_count(unsigned short id, enum swap_io_count what);
/* Of the same, how many folios of an order that swap_io_folio() was told of. */
unsigned long swap_io_folios(unsigned short id, unsigned int order, enum swap_io_count what);

struct mm_pte_view {
	unsigned int mm;		/* its number, for reports */
	unsigned long va;
	unsigned long expect;		/* what the owner stored last */
	unsigned short memcg;		/* the cgroup that the owner was in when it was charged */
	swp_entry_t entry;		/* a swap PTE; else .val is 0 */
	struct folio *folio;		/* a present PTE; else NULL */
	unsigned int page;		/* ... which page of it */
	bool listed;			/* swapoff will look at its mm */
	unsigned long val;		/* as it is */
	const char *wrong;		/* why it is nothing that a PTE can be, or NULL */
};
typedef void (*mm_pte_fn)(const struct mm_pte_view *pte, void *arg);

/* All but those that are none, or poisoned as they should be. */
void mm_for_each_pte(mm_pte_fn fn, void *arg);
/* Every folio that is allocated: with a reference. */
void folio_for_each(void (*fn)(struct folio *folio, void *arg), void *arg);
/* The slots that a device has by its header, and by the blocks of a swap file. */
unsigned long bdev_nr_slots(const struct block_device *bdev);
/* What a slot of the device holds. */
unsigned long bdev_content(struct block_device *bdev, unsigned long offset);
/* What zswap has of a slot. Return: has it any? */
bool zswap_content(unsigned int type, unsigned long offset, unsigned long *content);
/* Is a page on it that was not discarded since, be it of whoever had the device before? */
bool bdev_slot_written(struct block_device *bdev, unsigned long offset);
/* From now on nobody knows what is discarded: bdev_slot_written() is false. */
void bdev_discard_failed(struct block_device *bdev);

#endif /* _MM_MM_VIEW_H */
