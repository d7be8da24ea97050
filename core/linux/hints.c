// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hints of a tree, as the engines and checks see them (<kernel/world.h>). A tree may have a struct
 * percpu_swap_cluster of its own: with further dimensions of its arrays, before that of the order. If it has no such
 * arrays, no local lock of that name, or no such struct, no hint is seen.
 */
#include <linux/swap.h>
#include <mm/mm.h>
#include "hooks.h"

unsigned int swap_nr_hints(void)
{
	return tree_hints.nr;
}

void swap_hints_get(unsigned int cpu, struct swap_hint *hints)
{
	unsigned int i;

	if (!tree_hints.nr)
		return;
	local_lock_on(tree_hints.lock, cpu);
	for (i = 0; i < tree_hints.nr; i++) {
		hints[i].si = this_cpu_read(tree_hints.si[i]);
		hints[i].offset = this_cpu_read(tree_hints.offset[i]);
	}
	local_unlock_on(tree_hints.lock, cpu);
}

void swap_hints_set(unsigned int cpu, const struct swap_hint *hints)
{
	unsigned int i;

	if (!tree_hints.nr)
		return;
	local_lock_on(tree_hints.lock, cpu);
	for (i = 0; i < tree_hints.nr; i++) {
		if (!hints[i].si)
			continue;
		this_cpu_write(tree_hints.offset[i], hints[i].offset);
		this_cpu_write(tree_hints.si[i], hints[i].si);
	}
	local_unlock_on(tree_hints.lock, cpu);
}

__no_instrument struct swap_hint swap_hint_peek(unsigned int cpu, unsigned int i)
{
	return (struct swap_hint){
		.si = __atomic_load_n(per_cpu_ptr(&tree_hints.si[i], cpu), __ATOMIC_RELAXED),
		.offset = *per_cpu_ptr(&tree_hints.offset[i], cpu),
	};
}

__no_instrument bool swap_hints_locked(unsigned int cpu)
{
	return tree_hints.nr && __atomic_load_n(&per_cpu_ptr(tree_hints.lock, cpu)->owner, __ATOMIC_RELAXED);
}

static __no_instrument bool inside(const volatile void *addr, const void *begin)
{
	return addr >= begin && (const char *)addr < (const char *)begin + tree_hints.size;
}

__no_instrument bool swap_hints_contain(const volatile void *addr, unsigned int cpu)
{
	return tree_hints.size && inside(addr, per_cpu_ptr(tree_hints.all, cpu));
}

__no_instrument bool swap_hints_named(const volatile void *addr)
{
	return tree_hints.size && inside(addr, tree_hints.all);
}

/* Which of a CPU's hints has this at @slot; -1: none. */
static __no_instrument long hint_at(const void *slot, const void *first)
{
	long i = (const unsigned long *)slot - (const unsigned long *)first;

	return i >= 0 && i < (long)tree_hints.nr ? i : -1;
}

void tree_hint_read(const void *slot)
{
	/* the copy's place says which one; TSan must not see this read */
	unsigned long offset = __atomic_load_n((const unsigned long *)slot, __ATOMIC_RELAXED);
	long i = tree_hints.nr ? hint_at(slot, per_cpu_ptr(tree_hints.offset, current->cpu)) : -1;
	struct tree_frame *f;

	if (i < 0)
		return;
	if ((f = tree_frame_of(FN_swap_alloc_fast)))
		f->local[0] = offset;
	trace_swap_alloc_hint_read(swap_hint_peek(current->cpu, i).si, i % SWAP_NR_ORDERS, offset);
}

void tree_hint_written(const void *slot, unsigned long next)
{
	long i = tree_hints.nr ? hint_at(slot, per_cpu_ptr(tree_hints.offset, current->cpu)) : -1;
	struct tree_frame *f = tree_frame_of(FN_alloc_swap_scan_cluster);

	if (f && i >= 0)
		trace_swap_alloc_hint_written((void *)f->args[0], i % SWAP_NR_ORDERS, next);
}

void tree_hint_cleared(struct swap_info_struct *si, const void *slot)
{
	unsigned int cpu;
	long i;

	for (cpu = 0; tree_hints.nr && cpu < nr_cpu_ids(); cpu++) {
		i = hint_at(slot, per_cpu_ptr(tree_hints.si, cpu));
		if (i >= 0)
			trace_swapoff_hint_cleared(si, cpu, i % SWAP_NR_ORDERS);
	}
}
