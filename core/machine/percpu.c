// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU areas: a copy of the section of templates for each virtual CPU.
 */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include <kernel/geometry.h>
#include <kernel/percpu.h>
#include <machine/machine.h>
#include <machine/task.h>

/* Bounds of the section, from the linker; weak: no per-CPU variable may be linked in. */
extern char __start_percpu_data[] __attribute__((weak));
extern char __stop_percpu_data[] __attribute__((weak));

static char *areas[NR_CPUS];

void percpu_init(void)
{
	size_t size = __stop_percpu_data - __start_percpu_data;
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		if (!areas[cpu])
			areas[cpu] = aligned_alloc(64, size ? round_up(size, 64) : 64);
		if (!areas[cpu])
			harness_fail("SETUP", CODE_SITE, "no memory for per-CPU data");
		if (cpu < nr_cpu_ids())
			memcpy(areas[cpu], __start_percpu_data, size);
	}
}

void alloc_root_percpu(void)
{
	size_t size = __stop_percpu_data - __start_percpu_data;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids(); cpu++)
		alloc_root(areas[cpu], areas[cpu] + size);
}

void *__per_cpu_ptr(const void *template_addr, unsigned int cpu)
{
	if (!areas[0])
		percpu_init();
	if (cpu >= nr_cpu_ids())
		harness_fail("PERCPU", CODE_SITE, "there is no CPU %u", cpu);
	if ((const char *)template_addr < __start_percpu_data || (const char *)template_addr >= __stop_percpu_data)
		return (char *)template_addr + cpu * PERCPU_UNIT;
	return areas[cpu] + ((const char *)template_addr - __start_percpu_data);
}

void *__raw_cpu_ptr(const void *template_addr)
{
	return __per_cpu_ptr(template_addr, current->cpu);
}

void *__this_cpu_ptr(const void *template_addr, const char *site)
{
#ifndef CHECKS_OFF
	struct task_struct *t = current;

	if (!t->local_lock)
		harness_fail("PERCPU", site, "per-CPU data accessed without the local lock");
#endif
	return __raw_cpu_ptr(template_addr);
}

unsigned int nr_cpu_ids(void)
{
	return geometry.nr_cpus;
}

unsigned int raw_smp_processor_id(void)
{
	return current->cpu;
}
