// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of address spaces.
 *
 * A place holds one user reference of its mm. To take one more, a task first announces itself
 * in @looking; who empties a place waits until nobody is looking before it drops the place's
 * reference. Orders no more than that: what a worker does to an mm is ordered by the mm.
 */
#include <kernel/sched.h>
#include "world.h"

#define SPACES_MAX 16

static struct {
	struct mm_struct *mm;
	atomic_t looking;
} places[SPACES_MAX];

unsigned int nr_spaces;
unsigned long space_pages;

struct mm_struct *space_get_at(unsigned int index)
{
	struct mm_struct *mm;

	atomic_inc(&places[index].looking);
	/*
	 * Order: the increment is before the load; pairs with space_exchange(). Not smp_mb(),
	 * which would order all workers in the eyes of TSan.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	/* Order: pairs with the exchange there: the mm is complete */
	mm = smp_load_acquire(&places[index].mm);
	if (mm && !mmget_not_zero(mm))
		mm = NULL;
	/* Order: release; pairs with the wait in space_exchange() */
	atomic_sub_return_release(1, &places[index].looking);
	return mm;
}

struct mm_struct *space_get(struct worker *w)
{
	return space_get_at(worker_random(w, nr_spaces));
}

void space_put(struct mm_struct *mm)
{
	mmput(mm);
}

static void space_exchange(unsigned int index, struct mm_struct *mm)
{
	/* Order: full; the exchange is before the look at @looking */
	struct mm_struct *old = xchg(&places[index].mm, mm);

	if (!old)
		return;
	while (atomic_read_acquire(&places[index].looking))
		cpu_relax();
	mmput(old);
}

void space_replace(struct worker *w, struct mm_struct *mm)
{
	space_exchange(worker_random(w, nr_spaces), mm);
}

void spaces_create(void)
{
	const struct workload *load = options.workload;
	struct mm_struct *mm;
	unsigned int i;

	nr_spaces = min_t(unsigned int, load->nr_mms, SPACES_MAX);
	space_pages = devices_pages * load->fill / 100 / nr_spaces;
	space_pages = round_up(max(space_pages, 16UL), 8UL);
	for (i = 0; i < nr_spaces; i++) {
		mm = mm_create(space_pages);
		space_exchange(i, mm);
	}
}

void spaces_destroy(void)
{
	unsigned int i;

	for (i = 0; i < nr_spaces; i++)
		space_exchange(i, NULL);
}
