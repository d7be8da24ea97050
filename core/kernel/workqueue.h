/* SPDX-License-Identifier: GPL-2.0-only */
/* Work items. Each runs in a worker task of the machine, which holds nothing at entry. */
#ifndef _KERNEL_WORKQUEUE_H
#define _KERNEL_WORKQUEUE_H

#include <kernel/list.h>
#include <kernel/atomic.h>

/* What INIT_WORK() leaves; anything else fails the check INIT. */
#define WORK_MAGIC 0x776f726bu

struct work_struct {
	void (*func)(struct work_struct *work);
	struct list_head entry;		/* machine */
	unsigned int magic;		/* machine: INIT_WORK() was here */
	bool pending;			/* machine: queued and not yet begun */
	unsigned int disabled;		/* machine: by so many */
	unsigned long id;		/* machine: of this life of the memory */
	unsigned long nth;		/* machine: how often it was queued */
};

void INIT_WORK(struct work_struct *work, void (*func)(struct work_struct *work));
/* An item that INIT_WORK() has not seen is a failure of the check INIT. */
/*
 * Queues the item unless it is already pending (then: false). Context: any, atomic included.
 * Order: everything before schedule_work() happens before the function runs.
 */
bool schedule_work(struct work_struct *work);
/*
 * Takes an item that has not begun from the queue. Context: any, atomic included.
 * Order: as the item would have, it comes behind schedule_work(). Return: was it there?
 */
bool __cancel_work(struct work_struct *work, unsigned int disable);
#define cancel_work(work) __cancel_work(work, 0)
/* ... and schedule_work() returns false until enable_work() has been called as often. Context, Return: as above. */
#define disable_work(work) __cancel_work(work, 1)
void enable_work(struct work_struct *work);
/*
 * Waits until the item is neither pending nor running; but not, under the controlled machine, for what is queued
 * after the wait has begun. May sleep.
 */
void flush_work(struct work_struct *work);
/* Waits until no item of any kind is pending or running. May sleep. */
void flush_all_work(void);

#endif /* _KERNEL_WORKQUEUE_H */
