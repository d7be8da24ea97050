// SPDX-License-Identifier: GPL-2.0-only
/*
 * From addresses to names, while the addresses still mean something. Looks at what other tasks
 * may be writing, so it is built without instrumentation.
 */
#include <string.h>

#include <check/ghost.h>
#include <swap/swap.h>
#include <kernel/world.h>
#include "names.h"
#include "world.h"

#define NOWHERE 0xff

/* Cluster arrays by swap type. swapoff tears them down when no device has them any more. */
static struct {
	const struct swap_cluster_info *begin;
	size_t nr;
	int device;
} arrays[MAX_SWAPFILES];

void world_names_reset(void)
{
	__builtin_memset(arrays, 0, sizeof(arrays));
}

void world_names_forget(void)
{
	const struct swap_info_struct *si;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		si = swap_info[type];
		if (!si || !si->cluster_info)
			arrays[type].nr = 0;
	}
}

/* core/swap; a tree's is in core/linux/world.c */
__attribute__((weak)) struct block_device *swap_bdev(const struct swap_info_struct *si)
{
	return RAW(si->bdev);
}

int world_device_index(const struct swap_info_struct *si)
{
	const struct block_device *bdev = si ? swap_bdev(si) : NULL;
	unsigned int i;

	for (i = 0; si && world.spec && i < world.spec->nr_devices; i++)
		if (bdev ? world.devices[i].bdev == bdev : world.devices[i].type == si->type)
			return i;
	return -1;
}

static bool inside(const volatile void *addr, const volatile void *begin, size_t size)
{
	return addr >= begin && addr < (const volatile void *)((const volatile char *)begin + size);
}

int world_cluster_at(const volatile void *addr, bool stale, unsigned int *nr)
{
	const struct swap_info_struct *si;
	bool live[MAX_SWAPFILES] = { false };
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		si = swap_info[type];
		if (!si || !si->cluster_info)
			continue;
		arrays[type].begin = si->cluster_info;
		arrays[type].nr = DIV_ROUND_UP(si->max, SWAPFILE_CLUSTER);
		arrays[type].device = world_device_index(si);
		live[type] = true;
	}
	for (type = 0; type < MAX_SWAPFILES; type++) {
		if (!(stale || live[type]) ||
		    !inside(addr, arrays[type].begin, arrays[type].nr * sizeof(*arrays[0].begin)))
			continue;
		*nr = ((const volatile char *)addr - (const volatile char *)arrays[type].begin) /
		      sizeof(*arrays[0].begin);
		return arrays[type].device < 0 ? NOWHERE : arrays[type].device;
	}
	return -1;
}

/* --- tables ------------------------------------------------------------------------------- */

static unsigned int number(struct trace_tables *t, const void *table, bool new)
{
	unsigned int i;

	if (!table)
		return 0;
	for (i = t->nr; i-- && !new; )
		if (t->tables[i] == table)
			return i + 1;
	if (t->nr == TRACE_TABLES_MAX)
		return 0;
	t->tables[t->nr++] = table;
	return t->nr;
}

unsigned int trace_table_number(struct trace_tables *t, unsigned int task,
				const struct trace_record *rec)
{
	unsigned __int128 self = (unsigned __int128)1 << task % 128;
	unsigned int nr;

	switch (rec->id) {
	case TRACE_swap_table_slept:
		nr = number(t, rec->swap_table_slept.table, true);
		t->slept = nr ? t->slept | self : t->slept & ~self;
		return nr;
	case TRACE_swap_table_published:
		/* after a sleep it has its number */
		nr = number(t, rec->swap_table_published.table, !(t->slept & self));
		t->slept &= ~self;
		return nr;
	case TRACE_swap_table_freed:
		return number(t, rec->swap_table_freed.table, false);
	case TRACE_swap_table_loaded:
		return number(t, rec->swap_table_loaded.table, false);
	default:
		return 0;
	}
}

/* --- values ------------------------------------------------------------------------------- */

static void cluster_value(struct trace_value *v, const struct swap_cluster_info *ci)
{
	unsigned int nr = 0;
	int device = world_cluster_at(ci, true, &nr);

	v->device = device == NOWHERE ? -1 : device;
	v->given = device >= 0;
	v->nr = nr;
}

void trace_value_of(struct trace_value *v, const struct trace_record *rec, unsigned int arg,
		    unsigned int table)
{
	int at = trace_arg_value(rec->id, arg);
	enum trace_kind kind = trace_arg(rec->id, arg)->kind;
	const struct folio *folio;

	*v = (struct trace_value){ .device = -1, .given = true, .nr = at < 0 ? 0 : (long)rec->values[at] };
	switch (kind) {
	case TRACE_DEVICE:
		v->device = world_device_index(rec->si);
		v->given = false;
		break;
	case TRACE_CLUSTER:
		cluster_value(v, rec->ci);
		break;
	case TRACE_ENTRY:
		v->nr = swp_offset((swp_entry_t){ v->nr });
		v->device = world_device_index(rec->si);
		break;
	case TRACE_SLOT:
	case TRACE_HINT:
		v->device = world_device_index(rec->si);
		break;
	case TRACE_FOLIO:
		folio = (const struct folio *)v->nr;
		v->given = folio;
		v->nr = folio ? folio - memmap : 0;
		break;
	case TRACE_TABLE:
		v->nr = table;
		break;
	default:
		break;
	}
}

static const char *value_name(enum trace_kind kind, unsigned long nr)
{
	switch (kind) {
	case TRACE_LIST:
		return nr <= CLUSTER_FLAG_DISCARD ? cluster_flag_name(nr) : NULL;
	case TRACE_HINT:
		return nr ? NULL : "none";
	case TRACE_SITE:
		return nr < NR_ALLOC_SITES ? alloc_site_name(nr) : NULL;
	default:
		return NULL;
	}
}

long trace_value_find(enum trace_kind kind, const char *name, size_t len)
{
	const char *is;
	long nr;

	for (nr = 0; (is = value_name(kind, nr)); nr++)
		if (strlen(is) == len && !memcmp(is, name, len))
			return nr;
	return -1;
}

void trace_value_print(FILE *out, enum trace_kind kind, const struct trace_value *v)
{
	const char *name = v->given ? value_name(kind, v->nr) : NULL;

	if (name) {
		fputs(name, out);
		return;
	}
	if (v->device >= 0)
		fputc('A' + v->device, out);
	else if (!v->given)
		fputc('?', out);
	if (!v->given)
		return;
	if (v->device >= 0)
		fputc(kind == TRACE_CLUSTER ? '/' : ':', out);
	fprintf(out, "%s%ld", kind == TRACE_FOLIO ? "f" : kind == TRACE_TABLE ? "t" : "", v->nr);
}

void trace_print_args(FILE *out, const struct trace_record *rec, unsigned int table)
{
	const struct trace_arg *arg;
	struct trace_value v;
	unsigned int i;

	for (i = 0; (arg = trace_arg(rec->id, i)); i++) {
		trace_value_of(&v, rec, i, table);
		fprintf(out, " %s=", arg->name);
		trace_value_print(out, arg->kind, &v);
	}
}
