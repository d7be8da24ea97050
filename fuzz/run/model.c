// SPDX-License-Identifier: GPL-2.0-only
/* What each operation does to the model, and what it must have done to the core. */
#include <errno.h>
#include <string.h>

#include <kernel/bug.h>
#include <kernel/geometry.h>
#include <mm/mm_view.h>
#include "exec.h"
#include "model.h"

#define FAIL(id, fmt, ...) harness_fail(id, CODE_SITE, fmt, ##__VA_ARGS__)

/* What becomes of a page in an operation. */
enum fate {
	FATE_STAYS,			/* mapped with the same content, or not mapped */
	FATE_GOES,			/* not mapped any more */
	FATE_STORED,			/* it may have a new content */
	FATE_MUST_STORE,
	FATE_APPEARS,			/* it may be mapped now, with a new content */
	FATE_MUST_APPEAR,
	FATE_MAPPED,			/* the same, with the whole of its folio */
	FATE_MUST_MAP,
};

static struct model m;
static struct seen before, now;		/* the last operation, and behind it */
static u8 fates[WORLD_SPACES_MAX][MODEL_PAGES_MAX];
static bool stored_same;			/* zeroes, where there were some */
static u64 known[WORLD_SPACES_MAX][MODEL_PAGES_MAX];	/* content at the begin */

void model_begin(const struct program *prog, bool determined)
{
	unsigned int i;

	memset(&m, 0, sizeof(m));
	memset(&before, 0, sizeof(before));
	m.prog = prog;
	m.determined = determined && !prog->nr_choices && !prog->nr_fails;
	m.image = -1;
	for (i = 0; i < prog->spaces; i++)
		m.exists[i] = before.exists[i] = true;
	for (i = 0; i < prog->nr_devices; i++)
		m.on[i] = !prog->devices[i].off && world_header_good(&prog->devices[i]);
	before.free_pages = prog->folios;
	before.settled = true;
}

/* --- what an operation may do to pages ---------------------------------------------------- */

static bool any_mapped(const struct op *op)
{
	unsigned long va;

	for (va = op->args[1]; va < (unsigned long)op->args[1] + op->nr && va < m.prog->pages; va++)
		if (m.content[op->args[0]][va])
			return true;
	return false;
}

/* Folios come whole: each where nothing is mapped. */
static void fate_map(const struct op *op, unsigned int space)
{
	unsigned long nr = 1UL << op->order, va = op->args[1] & ~(nr - 1), i, page;
	bool room = before.free_pages >= (long)(op->nr + nr);

	if (op->order > HPAGE_PMD_ORDER)
		return;
	for (i = 0; i < op->nr && va + nr <= m.prog->pages; i += nr, va += nr) {
		for (page = 0; page < nr && !m.content[space][va + page]; page++)
			;
		if (page < nr)
			continue;
		memset(&fates[space][va], m.determined && room ? FATE_MUST_MAP : FATE_MAPPED, nr);
	}
}

static void fate_range(const struct op *op, unsigned int space, enum fate fate)
{
	unsigned long va;

	for (va = op->args[1]; va < (unsigned long)op->args[1] + op->nr && va < m.prog->pages; va++)
		if (m.content[space][va])
			fates[space][va] = fate;
}

/* What is mapped is stored to; else a folio around it is mapped, or one page. */
static void fate_write(const struct op *op, unsigned int space)
{
	unsigned long order = op->order < HPAGE_PMD_ORDER ? op->order : HPAGE_PMD_ORDER;
	unsigned long va = op->args[1], end = va + op->nr, first, page;
	/* for each page a folio from the device, and a copy if another space has that, too */
	bool room = m.determined && before.free_pages > op->nr * ((1L << order) + 1);

	if (end > m.prog->pages)
		end = m.prog->pages;
	for (; va < end; va++) {
		if (m.content[space][va]) {
			fates[space][va] = room ? FATE_MUST_STORE : FATE_STORED;
			continue;
		}
		first = va & ~((1UL << order) - 1);
		for (page = first; page < first + (1UL << order) && page < m.prog->pages; page++)
			if (!m.content[space][page] && fates[space][page] == FATE_STAYS)
				fates[space][page] = FATE_APPEARS;
		if (room)
			fates[space][va] = FATE_MUST_APPEAR;
	}
}

/* The copy is what the original was; the place's former space ends. */
static void copy_space(const struct op *op, unsigned int from, unsigned int to)
{
	u64 copy[MODEL_PAGES_MAX] = { 0 };
	unsigned long va;

	for (va = op->args[2]; va < (unsigned long)op->args[2] + op->nr && va < m.prog->pages; va++)
		copy[va] = m.content[from][va];
	memcpy(m.content[to], copy, sizeof(copy));
	m.exists[to] = true;
}

/* As many pages as it returns changed their addresses, the first ones first. */
static void move_pages(const struct op *op, int ret)
{
	u64 *content = m.content[op->args[0]];
	unsigned int dst = op->args[1], src = op->args[2];

	for (; ret-- > 0; dst++, src++) {
		if (!content[src] || content[dst])
			FAIL("MODEL-RESULT", "move took page %u to page %u, but there was %s", src, dst,
			     content[src] ? "a page already" : "nothing");
		content[dst] = content[src];
		content[src] = 0;
	}
}

static void fates_of(const struct op *op, int ret)
{
	unsigned int space = op->args[0];

	memset(fates, FATE_STAYS, sizeof(fates));
	switch ((enum op_id)op->id) {
	case OP_map:
		if (m.exists[space])
			fate_map(op, space);
		break;
	case OP_write:
		if (m.exists[space])
			fate_write(op, space);
		break;
	case OP_zap:
		fate_range(op, space, FATE_GOES);
		break;
	case OP_exit:
		m.exists[space] = true;
		memset(m.content[space], 0, sizeof(m.content[space]));
		break;
	case OP_fork:
		if (!ret)
			copy_space(op, space, op->args[1]);
		break;
	case OP_move:
		move_pages(op, ret);
		break;
	/* contents stay: an operation that is in neither list does not build */
	case OP_read: case OP_reclaim: case OP_reclaim_folio: case OP_free_swap:
	case OP_migrate: case OP_split: case OP_dup: case OP_lookup: case OP_extend:
	case OP_readahead: case OP_willneed: case OP_hint: case OP_swapon: case OP_swapoff: case OP_hib_alloc:
	case OP_hib_free: case OP_swaps: case OP_shrink: case OP_drain: case OP_sync_rcu: case OP_rcu_barrier:
	case NR_OPS:
		break;
	}
}

/* --- what became of them ------------------------------------------------------------------ */

/* No page had this content before the operation, and no other page has it now. */
static bool is_new(u64 content, unsigned int space, unsigned long va)
{
	unsigned int i;
	unsigned long j;

	for (i = 0; i < WORLD_SPACES_MAX; i++)
		for (j = 0; j < m.prog->pages; j++)
			if (known[i][j] == content ||
			    (now.exists[i] && now.pages[i][j].mapped &&
			     now.pages[i][j].content == content && (i != space || j != va)))
				return false;
	return true;
}

/* Zeroes where there were some: nobody can tell whether it stored. */
static bool stores_same(const struct op *op, u64 content)
{
	return op->flags & OP_ZERO && content == CONTENT_ZERO;
}

/* Return: has it a new content? */
static bool follow_page(const struct op *op, unsigned int space, unsigned long va)
{
	const struct seen_page *page = &now.pages[space][va];
	unsigned long first = va & ~((1UL << op->order) - 1);
	u64 *content = &m.content[space][va];
	enum fate fate = fates[space][va];

	if (fate == FATE_GOES)
		*content = 0;
	if (fate >= FATE_MAPPED && page->mapped != now.pages[space][first].mapped)
		FAIL("MODEL-PTE", "m%u page %lu of a new folio is %smapped, page %lu is not so", space,
		     va, page->mapped ? "" : "not ", first);
	if ((fate == FATE_MUST_MAP || fate == FATE_MUST_APPEAR) && !page->mapped)
		FAIL("MODEL-RESULT", "m%u page %lu is not mapped, with %ld pages of memory free",
		     space, va, before.free_pages);
	if (page->mapped != !!*content && fate < FATE_APPEARS)
		FAIL("MODEL-PTE", "m%u page %lu is %smapped after %s", space, va,
		     page->mapped ? "" : "not ", op_infos[op->id].name);
	if (page->mapped && page->content == *content && stores_same(op, *content) && fate >= FATE_STORED) {
		stored_same = true;
		return false;
	}
	if (!page->mapped || page->content == *content) {
		if (fate == FATE_MUST_STORE)
			FAIL("MODEL-RESULT", "m%u page %lu was not stored to, with %ld pages of memory "
			     "free", space, va, before.free_pages);
		return false;
	}
	if (fate < FATE_STORED || !(op->flags & OP_ZERO ? page->content == CONTENT_ZERO :
				    is_new(page->content, space, va)))
		FAIL("MODEL-CONTENT", "m%u page %lu (%s) holds %lx after %s, it held %lx", space, va,
		     page->present ? "present" : "swapped", page->content, op_infos[op->id].name,
		     *content);
	*content = page->content;
	return true;
}

static unsigned int follow_pages(const struct op *op)
{
	unsigned int space, stored = 0;
	unsigned long va;

	stored_same = false;
	for (space = 0; space < WORLD_SPACES_MAX; space++) {
		if (m.exists[space] != now.exists[space])
			FAIL("MODEL-PTE", "m%u exists: %d, expected %d", space, now.exists[space],
			     m.exists[space]);
		for (va = 0; va < m.prog->pages && m.exists[space]; va++)
			stored += follow_page(op, space, va);
	}
	return stored;
}

/* --- results ------------------------------------------------------------------------------ */

static void expect_ret(const struct op *op, int ret, int expected)
{
	if (ret != expected)
		FAIL("MODEL-RESULT", "%s returned %d, expected %d", op_infos[op->id].name, ret,
		     expected);
}

/* Slots that a single page can have; -1: a discard may hold some back. */
static long free_slots(void)
{
	long slots = 0;
	unsigned int i;

	for (i = 0; i < m.prog->nr_devices; i++) {
		if (!m.on[i])
			continue;
		if (m.prog->devices[i].discard)
			return -1;
		slots += model_device_pages(i) - before.used[i];
	}
	return before.settled ? slots : -1;
}

static void follow_reclaim(const struct op *op, int ret)
{
	unsigned int space = op->args[0];
	const struct seen_page *was = &before.pages[space][op->args[1]];

	if (op->nr != 1 || !before.exists[space])
		return;
	if (!was->present)
		expect_ret(op, ret, -ENOENT);
	else if (m.determined && was->quiet && !op->flags && free_slots() > 0 &&
		 now.pages[space][op->args[1]].present)
		FAIL("MODEL-RESULT", "m%u page %u is not swapped out (%d) with %ld slots free", space,
		     op->args[1], ret, free_slots());
}

static void follow_swapoff(const struct op *op, int ret)
{
	unsigned int index = op->args[0];

	if (!m.on[index]) {
		expect_ret(op, ret, -ENODEV);
	} else if (m.image == world.devices[index].type) {
		expect_ret(op, ret, -EBUSY);
	} else if (!ret) {
		m.on[index] = false;
	} else if (m.determined && !op->signal && before.settled && before.free_pages > before.used[index]) {
		expect_ret(op, ret, 0);
	}
}

static void follow_hib_alloc(const struct op *op, int ret)
{
	if (m.image < 0) {
		if (!m.on[op->args[0]]) {
			expect_ret(op, ret, -ENODEV);
			return;
		}
		/* without memory there is still none */
		if (!world.images[0])
			return;
		m.image = world.devices[op->args[0]].type;
		m.image_min = m.image_max = 0;
	}
	m.image_max += ret ? op->nr - 1 : op->nr;
	if (!ret)
		m.image_min += op->nr;
}

static void follow_result(const struct op *op, int ret, unsigned int stored)
{
	switch ((enum op_id)op->id) {
	case OP_map:
	case OP_write:
		if (stored ? ret : !ret && !stored_same)
			FAIL("MODEL-RESULT", "%s returned %d, %u pages have a new content",
			     op_infos[op->id].name, ret, stored);
		break;
	case OP_read:
		if (!any_mapped(op))
			expect_ret(op, ret, -ENOENT);
		else if (m.determined && before.free_pages > (long)op->nr << op->order)
			expect_ret(op, ret, 0);
		break;
	case OP_zap:
		expect_ret(op, ret, m.exists[op->args[0]] ? 0 : -ENOENT);
		break;
	case OP_fork:
		if (!before.exists[op->args[0]])
			expect_ret(op, ret, -ENOENT);
		else if (m.determined)
			expect_ret(op, ret, 0);
		break;
	case OP_move:
		if (!before.exists[op->args[0]])
			expect_ret(op, ret, -ENOENT);
		else if (known[op->args[0]][op->args[1]])
			expect_ret(op, ret, -EEXIST);
		else if (!known[op->args[0]][op->args[2]])
			expect_ret(op, ret, -ENOENT);
		break;
	case OP_exit:
	case OP_swaps:
		expect_ret(op, ret, 0);
		break;
	case OP_reclaim:
		follow_reclaim(op, ret);
		break;
	case OP_swapon:
		/* a new struct is allocated before the old one is looked for */
		if (m.on[op->args[0]])
			expect_ret(op, ret == -ENOMEM && !m.determined ? -EBUSY : ret, -EBUSY);
		else if (m.determined)
			expect_ret(op, ret, world_header_good(&m.prog->devices[op->args[0]]) ? 0 : -EINVAL);
		m.on[op->args[0]] |= !ret;
		break;
	case OP_swapoff:
		follow_swapoff(op, ret);
		break;
	case OP_lookup:
		/* a slot beyond the end is no device's; slot 0 of the first one is no entry */
		if (m.on[op->args[0]] && op->args[1])
			expect_ret(op, ret, op->args[1] < model_device_end(&m, op->args[0]) ? 0 : -ENODEV);
		break;
	case OP_hib_alloc:
		follow_hib_alloc(op, ret);
		break;
	case OP_hib_free:
		expect_ret(op, ret, m.image < 0 ? -ENOENT : 0);
		m.image = -1;
		break;
	/* what comes back is the core's affair */
	case OP_reclaim_folio: case OP_free_swap: case OP_migrate: case OP_split: case OP_dup:
	case OP_extend: case OP_readahead: case OP_willneed: case OP_hint: case OP_shrink: case OP_drain:
	case OP_sync_rcu: case OP_rcu_barrier:
	case NR_OPS:
		break;
	}
}

void model_after_op(unsigned int task, const struct op *op, int ret)
{
	static const struct op rest = { .id = OP_drain };
	unsigned int i;

	if (!op)
		op = &rest;
	memcpy(known, m.content, sizeof(known));
	model_look(&m, &now);
	fates_of(op, ret);
	follow_result(op, ret, follow_pages(op));
	model_check_devices(&m, &now);
	for (i = 0; i < m.prog->nr_devices; i++)
		if (m.on[i] && m.image == world.devices[i].type)
			m.image_min = m.image_max = now.images[i];
	before = now;
}
