// SPDX-License-Identifier: GPL-2.0-only
/* The operations of core/world/ops.def. Built without instrumentation, see exec.c. */
#include <check/check.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <machine/alloc.h>
#include <machine/tsan.h>
#include <mm/mm.h>
#include "exec.h"

/* --- what they work on -------------------------------------------------------------------- */

/* A user of the space in this place; NULL: there is none. */
static struct mm_struct *space_get(unsigned int index)
{
	struct mm_struct *mm;

	/* the look at the place and the reference at once */
	machine_lock();
	machine_mute();
	mm = exec.spaces[index];
	/* Order: pairs with space_set() */
	if (mm)
		tsan_acquire(&exec.spaces[index]);
	if (mm && !mmget_not_zero(mm))
		mm = NULL;
	machine_unmute();
	machine_unlock();
	return mm;
}

/* Order: acquire and release; pairs with itself and with space_get(). */
static void space_set(unsigned int index, struct mm_struct *mm)
{
	struct mm_struct *old;

	machine_lock();
	tsan_acquire(&exec.spaces[index]);
	tsan_release(&exec.spaces[index]);
	old = exec.spaces[index];
	exec.spaces[index] = mm;
	machine_unlock();
	if (old)
		mmput(old);
}

typedef int (*folio_fn)(struct folio *folio, const struct op *op);

/* For nr folios of the arena, each with a reference that @fn takes over. */
static int each_folio(const struct op *op, folio_fn fn)
{
	struct folio *folio;
	int ret = -ENOENT, one;
	unsigned int i;

	for (i = op->args[0]; i < op->args[0] + op->nr && i < exec.prog->folios; i++) {
		folio = arena_get_folio(i);
		if (!folio)
			continue;
		one = fn(folio, op);
		if (!one || ret)
			ret = one;
	}
	return ret;
}

/*
 * Is it on, as far as anybody can tell from outside? A type may be another device's by now. No
 * point: just for the harness.
 */
bool device_is_on(const struct exec_device *dev)
{
	int type = __atomic_load_n(&dev->type, __ATOMIC_ACQUIRE);
	struct swap_info_struct *si = type < 0 ? NULL : swap_info[type];

	return si && (__atomic_load_n(&si->flags, __ATOMIC_RELAXED) & SWP_WRITEOK) &&
	       __atomic_load_n(&si->bdev, __ATOMIC_RELAXED) == dev->bdev;
}

static int swap_flags(const struct world_device *spec)
{
	int flags = 0;

	if (spec->prio >= 0)
		flags |= SWAP_FLAG_PREFER | spec->prio;
	if (spec->discard || spec->discard_once)
		flags |= SWAP_FLAG_DISCARD;
	if (spec->discard_once)
		flags |= SWAP_FLAG_DISCARD_ONCE;
	return flags;
}

int device_on(unsigned int index)
{
	struct exec_device *dev = &exec.devices[index];
	unsigned int type;
	int ret = swapon(dev->bdev, swap_flags(&exec.prog->devices[index]), &type);

	if (!ret)
		__atomic_store_n(&dev->type, type, __ATOMIC_RELEASE);
	return ret;
}

static int device_type(unsigned int index)
{
	return index < exec.prog->nr_devices ? exec.devices[index].type : -1;
}

/* --- address spaces ----------------------------------------------------------------------- */

typedef int (*page_fn)(struct mm_struct *mm, unsigned long va, const struct op *op);

/* -ENOMEM of the others: no slot. */
static bool needs_cause(const struct op *op)
{
	switch (op->id) {
	case OP_map:
	case OP_write:
	case OP_read:
	case OP_fork:
	case OP_dup:
	case OP_extend:
	case OP_swapoff:
	case OP_swapon:
		return true;
	default:
		return false;
	}
}

/* For nr pages or folios of the op's order, one after the other. */
static int each_page(const struct op *op, unsigned long step, page_fn fn)
{
	struct mm_struct *mm = space_get(op->args[0]);
	unsigned long va = op->args[1], i;
	struct check_result result;
	int ret = -ENOENT, one;

	if (!mm)
		return -ENOENT;
	va = round_down(va, step);
	for (i = 0; i < op->nr && va + step <= exec.prog->pages; i += step, va += step) {
		check_result_begin(&result);
		one = fn(mm, va, op);
		if (needs_cause(op))
			check_result(&result, op_infos[op->id].name, one);
		if (!one || ret)
			ret = one;
	}
	mmput(mm);
	return ret;
}

static int map_one(struct mm_struct *mm, unsigned long va, const struct op *op)
{
	return op->flags & OP_ZERO ? mm_map_zero(mm, va, op->order) : mm_map(mm, va, op->order);
}

/* A store to a page that is not there is a fault that maps a new folio. */
static int write_one(struct mm_struct *mm, unsigned long va, const struct op *op)
{
	unsigned int order = min_t(unsigned int, op->order, HPAGE_PMD_ORDER);
	unsigned long first = round_down(va, 1UL << order);
	int ret = mm_write(mm, va, op->order);

	if (ret != -ENOENT)
		return ret;
	ret = -EINVAL;
	if (first + (1UL << order) <= exec.prog->pages)
		ret = mm_map(mm, first, order);
	return ret && order ? mm_map(mm, va, 0) : ret;
}

static int read_one(struct mm_struct *mm, unsigned long va, const struct op *op)
{
	return mm_read(mm, va, op->order);
}

static int reclaim_one(struct mm_struct *mm, unsigned long va, const struct op *op)
{
	return mm_reclaim(mm, va, op->flags);
}

static int op_map(unsigned int task, const struct op *op)
{
	if (op->order > HPAGE_PMD_ORDER)
		return -EINVAL;
	return each_page(op, 1UL << op->order, map_one);
}

static int op_write(unsigned int task, const struct op *op)
{
	return each_page(op, 1, write_one);
}

static int op_read(unsigned int task, const struct op *op)
{
	return each_page(op, 1, read_one);
}

static int op_reclaim(unsigned int task, const struct op *op)
{
	return each_page(op, 1, reclaim_one);
}

static int op_zap(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]);
	int ret;

	if (!mm)
		return -ENOENT;
	ret = mm_zap(mm, op->args[1], min_t(unsigned long, op->nr,
					    exec.prog->pages - op->args[1]));
	mmput(mm);
	return ret;
}

static int op_fork(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]), *child;
	int ret;

	if (!mm)
		return -ENOENT;
	ret = mm_fork(mm, op->args[2], min_t(unsigned long, op->nr,
					     exec.prog->pages - op->args[2]), &child);
	mmput(mm);
	if (!ret)
		space_set(op->args[1], child);
	return ret;
}

static int op_dup(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]), *children[64];
	unsigned int n = 0;
	int ret = 0;

	if (!mm)
		return -ENOENT;
	while (n < op->nr && n < ARRAY_SIZE(children) && !ret) {
		ret = mm_fork(mm, op->args[1], 1, &children[n]);
		if (!ret)
			n++;
	}
	mmput(mm);
	while (n)
		mmput(children[--n]);
	return ret;
}

static int op_exit(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = mm_create(exec.prog->pages);

	if (!mm)
		return -ENOMEM;
	space_set(op->args[0], mm);
	return 0;
}

/* --- folios ------------------------------------------------------------------------------- */

static int reclaim_folio_one(struct folio *folio, const struct op *op)
{
	return reclaim_folio(folio, op->flags);
}

static int free_swap_one(struct folio *folio, const struct op *op)
{
	int ret = free_swap_folio(folio);

	folio_put(folio);
	return ret;
}

static int migrate_one(struct folio *folio, const struct op *op)
{
	int ret = migrate_folio(folio);

	folio_put(folio);
	return ret;
}

static int split_one(struct folio *folio, const struct op *op)
{
	int ret = -EINVAL;

	if (op->order < folio_order(folio))
		ret = split_folio(folio);
	folio_put(folio);
	return ret;
}

static int op_reclaim_folio(unsigned int task, const struct op *op)
{
	return each_folio(op, reclaim_folio_one);
}

static int op_free_swap(unsigned int task, const struct op *op)
{
	return each_folio(op, free_swap_one);
}

static int op_migrate(unsigned int task, const struct op *op)
{
	return each_folio(op, migrate_one);
}

static int op_split(unsigned int task, const struct op *op)
{
	return each_folio(op, split_one);
}

static int op_shrink(unsigned int task, const struct op *op)
{
	shrink_folios(op->nr);
	return 0;
}

/* --- devices and slots -------------------------------------------------------------------- */

/*
 * A late reader: neither the folio nor the slot is known to be in use. What comes back is
 * locked and compared with the entry, as every lookup's result must be.
 */
static int op_lookup(unsigned int task, const struct op *op)
{
	int type = device_type(op->args[0]);
	struct swap_info_struct *si;
	unsigned int i;

	if (type < 0)
		return -ENODEV;
	si = get_swap_device(swp_entry(type, op->args[1]));
	if (!si)
		return -ENODEV;
	/* not held: each lookup must do with its own */
	put_swap_device(si);
	for (i = 0; i < op->nr; i++)
		swap_lookup(swp_entry(type, op->args[1] + i));
	return 0;
}

/* As a fork that was told to, and comes late: the slot may have changed in any way since. */
static int op_extend(unsigned int task, const struct op *op)
{
	int type = device_type(op->args[0]), err = 0;
	unsigned int i;

	if (type < 0)
		return -ENODEV;
	for (i = 0; i < op->nr && !err; i++)
		err = swap_retry_table_alloc(swp_entry(type, op->args[1] + i),
					     GFP_KERNEL | __GFP_NOMEMALLOC);
	return err;
}

static int op_readahead(unsigned int task, const struct op *op)
{
	int type = device_type(op->args[0]);

	if (type < 0)
		return -ENODEV;
	return swap_readahead(type, op->args[1], 1U << (31 - __builtin_clz(op->window)));
}

static int op_hint(unsigned int task, const struct op *op)
{
	swap_hint_poke(op->args[0] % nr_cpu_ids(), op->args[1] % nr_cpu_ids());
	return 0;
}

static int op_swapon(unsigned int task, const struct op *op)
{
	return device_on(op->args[0]);
}

/* Two tasks may be at it at once: the core has to sort that out. */
static int op_swapoff(unsigned int task, const struct op *op)
{
	struct exec_device *dev = &exec.devices[op->args[0]];
	int ret;

	if (!device_is_on(dev))
		return -ENODEV;
	signal_after(op->signal);
	ret = swapoff(dev->type);
	signal_after(0);
	return ret;
}

static int op_hib_alloc(unsigned int task, const struct op *op)
{
	struct exec_device *dev = &exec.devices[op->args[0]];
	swp_entry_t entry;
	unsigned int i;
	int ret = 0;

	if (!exec.images[task]) {
		if (!device_is_on(dev))
			return -ENODEV;
		exec.images[task] = swap_image_create(dev->bdev);
		if (!exec.images[task])
			return -ENOMEM;
	}
	for (i = 0; i < op->nr && !ret; i++)
		ret = swap_image_add_slot(exec.images[task], &entry);
	return ret;
}

static int op_hib_free(unsigned int task, const struct op *op)
{
	struct swap_image *image = exec.images[task];

	if (!image)
		return -ENOENT;
	exec.images[task] = NULL;
	swap_image_free(image);
	return 0;
}

static int op_drain(unsigned int task, const struct op *op)
{
	flush_all_work();
	return 0;
}

static int op_sync_rcu(unsigned int task, const struct op *op)
{
	synchronize_rcu();
	return 0;
}

static int op_rcu_barrier(unsigned int task, const struct op *op)
{
	rcu_barrier();
	return 0;
}

static int (*const op_fns[NR_OPS])(unsigned int task, const struct op *op) = {
#define OP(name, args, weight, text) op_##name,
#include <world/ops.def>
#undef OP
};

int op_run(unsigned int task, const struct op *op)
{
	struct check_result result;
	int ret;

	check_result_begin(&result);
	ret = op_fns[op->id](task, op);
	if (needs_cause(op))
		check_result(&result, op_infos[op->id].name, ret);
	return ret;
}
