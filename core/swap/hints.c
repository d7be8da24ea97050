// SPDX-License-Identifier: GPL-2.0-only
/* The hints, as the engines and checks see them (<kernel/world.h>). */
#include <swap/swap.h>

unsigned int swap_nr_hints(void)
{
	return SWAP_NR_ORDERS;
}

void swap_hints_get(unsigned int cpu, struct swap_hint *hints)
{
	unsigned int order;

	local_lock_on(&percpu_swap_cluster.lock, cpu);
	for (order = 0; order < SWAP_NR_ORDERS; order++) {
		hints[order].si = this_cpu_read(percpu_swap_cluster.si[order]);
		hints[order].offset = this_cpu_read(percpu_swap_cluster.offset[order]);
	}
	local_unlock_on(&percpu_swap_cluster.lock, cpu);
}

void swap_hints_set(unsigned int cpu, const struct swap_hint *hints)
{
	unsigned int order;

	local_lock_on(&percpu_swap_cluster.lock, cpu);
	for (order = 0; order < SWAP_NR_ORDERS; order++) {
		if (!hints[order].si)
			continue;
		this_cpu_write(percpu_swap_cluster.offset[order], hints[order].offset);
		this_cpu_write(percpu_swap_cluster.si[order], hints[order].si);
	}
	local_unlock_on(&percpu_swap_cluster.lock, cpu);
}

__no_instrument struct swap_hint swap_hint_peek(unsigned int cpu, unsigned int order)
{
	const struct percpu_swap_cluster *pcp = per_cpu_ptr(&percpu_swap_cluster, cpu);

	return (struct swap_hint){
		.si = __atomic_load_n(&pcp->si[order], __ATOMIC_RELAXED),
		.offset = pcp->offset[order],
	};
}

__no_instrument bool swap_hints_locked(unsigned int cpu)
{
	return __atomic_load_n(&per_cpu_ptr(&percpu_swap_cluster, cpu)->lock.owner,
			       __ATOMIC_RELAXED);
}

static __no_instrument bool inside(const volatile void *addr, const void *begin)
{
	return addr >= begin && (const char *)addr < (const char *)begin +
	       sizeof(struct percpu_swap_cluster);
}

__no_instrument bool swap_hints_contain(const volatile void *addr, unsigned int cpu)
{
	return inside(addr, per_cpu_ptr(&percpu_swap_cluster, cpu));
}

__no_instrument bool swap_hints_named(const volatile void *addr)
{
	return inside(addr, &percpu_swap_cluster);
}
