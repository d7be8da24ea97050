/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Address spaces (linux/mm_types.h, linux/sched/mm.h, linux/mmap_lock.h): each is two areas that
 * meet where no page table ends (as mprotect() leaves them: a large folio may lie in both), and has one page table.
 */
#ifndef _MM_MM_TYPES_H
#define _MM_MM_TYPES_H

#include <kernel/atomic.h>
#include <kernel/list.h>
#include <kernel/mutex.h>
#include <kernel/spinlock.h>
#include "pte.h"

struct anon_family;
struct anon_vma;
struct mempolicy;
struct mm_struct;

struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_start, vm_end;	/* bytes */
	pgprot_t vm_page_prot;
	struct anon_vma *anon_vma;	/* not NULL: there may be anonymous memory */
	atomic_long_t swap_readahead_info;
};

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address, real_address;
	pte_t *pmd;			/* the page table: there is one level */
};

#define MM_VMAS 2

struct mm_struct {
	unsigned int id;
	atomic_t mm_users;
	struct rw_semaphore mmap_lock;
	struct vm_area_struct vmas[MM_VMAS];	/* the last may be empty */
	unsigned long nr_ptes;
	pte_t *ptes;			/* PTL; read without it as hints */
	unsigned long *ghosts;		/* PTL: what the owner stored last */
	unsigned short *memcgs;		/* PTL: the cgroup that was charged for the page at first; behind ghosts */
	spinlock_t *ptls;
	atomic_t generation;		/* of stores */
	struct anon_family *family;
	struct list_head family_list;	/* family->lock */
	/* mmlist_lock: in the list of init_mm once there may be a swap entry */
	struct list_head mmlist;
	struct list_head all;		/* mm_registry_lock */
};

extern struct mm_struct init_mm;	/* the head of all mmlist entries */
extern spinlock_t mmlist_lock;

/* The area of a page. */
static inline struct vm_area_struct *mm_vma(struct mm_struct *mm, unsigned long va)
{
	return &mm->vmas[va >= mm->vmas[1].vm_start >> PAGE_SHIFT];
}

static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

/* Return: false if it is exiting. */
static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}

void mmput(struct mm_struct *mm);	/* the last one unmaps everything; may sleep */

#define mmap_read_lock(mm) down_read(&(mm)->mmap_lock)
#define mmap_read_unlock(mm) up_read(&(mm)->mmap_lock)

#endif /* _MM_MM_TYPES_H */
