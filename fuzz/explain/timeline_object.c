// SPDX-License-Identifier: GPL-2.0-only
/*
 * From addresses to names, while the addresses still mean something. Looks at what other tasks
 * may be writing, so it is built without instrumentation.
 */
#include <string.h>

#include <fuzz/run/exec.h>
#include <kernel/percpu.h>
#include <mm/mm.h>
#include <world/names.h>
#include "timeline.h"

#define TABLES_MAX 4096
#define NOWHERE 0xff
#define FIRST_PAGE 4096

/*
 * Tables in the order of their allocation: memory that is used again is another table. What is
 * freed may become anything, at once or never, as the variant's allocator likes: it loses its
 * name, but for readers that have the pointer.
 */
static struct table {
	unsigned long begin, end;
	struct object cluster;
	bool freed;
} tables[TABLES_MAX];
static unsigned int nr_tables;
static u16 loaded[SIM_TASKS_MAX];	/* the table that a task is about to read */

void objects_reset(void)
{
	nr_tables = 0;
	memset(loaded, 0, sizeof(loaded));
}

u16 table_number(const void *memory, const struct object *cluster, bool new)
{
	unsigned long table = (unsigned long)memory;
	unsigned int i;

	if (!table)
		return 0;
	for (i = nr_tables; i-- && !new; )
		if (tables[i].begin == table && !tables[i].freed)
			break;
	if (new || i >= nr_tables) {
		if (nr_tables == TABLES_MAX)
			return 0;
		i = nr_tables++;
		tables[i].begin = table;
		tables[i].end = table + SWAPFILE_CLUSTER * sizeof(long);
		tables[i].freed = false;
	}
	tables[i].cluster = *cluster;
	return i + 1;
}

void table_loaded(u16 table, const struct task_struct *task)
{
	loaded[task->id] = table;
}

void table_freed(u16 table)
{
	tables[table - 1].freed = true;
}

static bool in_table(const struct table *table, const volatile void *addr)
{
	return (unsigned long)addr >= table->begin && (unsigned long)addr < table->end;
}

static bool inside(const volatile void *addr, const volatile void *begin, size_t size)
{
	return addr >= begin && addr < (const volatile void *)((const volatile char *)begin + size);
}

u8 device_index(const struct swap_info_struct *si)
{
	int index = world_device_index(si);

	return index < 0 ? NOWHERE : index;
}

struct object object_in_cluster(const volatile void *addr, bool stale)
{
	unsigned int nr;
	int device = world_cluster_at(addr, stale, &nr);

	return device < 0 ? (struct object){ 0 } : object(OBJECT_CLUSTER, device, nr);
}

static struct object object_in_device(const volatile void *addr, enum lock_class class)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++)
		if (swap_info[type] && inside(addr, swap_info[type], sizeof(*swap_info[type])))
			return object(OBJECT_DEVICE, device_index(swap_info[type]), 0);
	return object_in_cluster(addr, class == lock_class_cluster);
}

u16 table_at(const volatile void *addr, struct object *cluster)
{
	unsigned int i;

	for (i = nr_tables; i--; ) {
		if (tables[i].freed || !in_table(&tables[i], addr))
			continue;
		*cluster = tables[i].cluster;
		return i + 1;
	}
	return 0;
}

/* A word of a table, also of one that its cluster has lost. */
static struct object object_in_table(const volatile void *addr, const struct task_struct *task)
{
	u16 table = loaded[task->id];
	struct object ci;

	/* the read that follows at once; later the memory may be anything's */
	loaded[task->id] = 0;
	if (table && in_table(&tables[table - 1], addr))
		ci = tables[table - 1].cluster;
	else
		table = table_at(addr, &ci);
	if (!table || ci.kind != OBJECT_CLUSTER)
		return (struct object){ 0 };
	return object(OBJECT_SLOT, ci.dev, ci.nr * SWAPFILE_CLUSTER +
		((unsigned long)addr - tables[table - 1].begin) / sizeof(long));
}

void spaces_learn(u8 *spaces, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < WORLD_SPACES_MAX; i++)
		if (world.spaces[i] && world.spaces[i]->id < nr)
			spaces[world.spaces[i]->id] = i + 1;
}

static struct object object_in_space(const volatile void *addr)
{
	const struct mm_struct *mm;
	unsigned int i;

	for (i = 0; i < WORLD_SPACES_MAX; i++) {
		mm = world.spaces[i];
		if (!mm)
			continue;
		if (inside(addr, mm->ptes, mm->nr_ptes * sizeof(*mm->ptes)))
			return object(OBJECT_PTE, i,
						(const volatile pte_t *)addr - mm->ptes);
		if (inside(addr, mm, sizeof(*mm)) ||
		    inside(addr, mm->family, sizeof(*mm->family)) ||
		    inside(addr, mm->ptls, ((mm->nr_ptes >> geometry.ptl_shift) + 1) *
			   sizeof(*mm->ptls)))
			return object(OBJECT_SPACE, i, i);
	}
	return (struct object){ 0 };
}

static struct object object_in_cpu(const volatile void *addr, const struct task_struct *task)
{
	unsigned int cpu;

	if (swap_hints_named(addr))
		return object(OBJECT_CPU, 0, task->cpu);
	for (cpu = 0; cpu < nr_cpu_ids(); cpu++)
		if (swap_hints_contain(addr, cpu))
			return object(OBJECT_CPU, 0, cpu);
	return (struct object){ 0 };
}

struct object object_at(const volatile void *addr, const struct task_struct *task,
			enum lock_class class)
{
	struct object obj = { 0 };

	if (!addr || class == lock_class_leaf)
		return obj;
	if ((unsigned long)addr < FIRST_PAGE)
		return object(OBJECT_NULL, 0, 0);
	if (inside(addr, memmap, max_pfn * sizeof(*memmap)))
		return object(OBJECT_FOLIO, 0, ((const volatile char *)addr -
				(const volatile char *)memmap) / sizeof(*memmap));
	obj = object_in_device(addr, class);
	if (!obj.kind)
		obj = object_in_table(addr, task);
	if (!obj.kind)
		obj = object_in_space(addr);
	if (!obj.kind)
		obj = object_in_cpu(addr, task);
	return obj;
}
