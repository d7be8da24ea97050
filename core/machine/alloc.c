// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for both machines: accounting by type, failure injection by site, kmalloc and pages.
 * The memory itself is malloc's, so that ASan sees every object. Built without instrumentation:
 * the counters' lock must not order tasks.
 */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/tracepoint.h>
#include <machine/alloc.h>
#include <machine/machine.h>

struct obj_header {
	struct alloc_link link;
	bool waiting;
};

#define OBJ_HEADER_SIZE 64		/* keeps objects aligned to cache lines */
_Static_assert(sizeof(struct obj_header) + sizeof(long) <= OBJ_HEADER_SIZE, "alloc_set_live() has a word");

/* Each kind of object has a header with room at its end. */
#define GIVEN_BACK 0x6b6261636bUL

void alloc_set_live(void *p, bool live)
{
	__atomic_store_n((unsigned long *)p - 1, live ? 0 : GIVEN_BACK, __ATOMIC_RELAXED);
}

bool alloc_is_live(const void *p)
{
	return __atomic_load_n((const unsigned long *)p - 1, __ATOMIC_RELAXED) != GIVEN_BACK;
}

static struct alloc_link all = { .prev = &all, .next = &all };

void alloc_track(struct alloc_link *link, void *object, size_t size, enum alloc_type type)
{
	static unsigned long nth;

	link->object = object;
	link->size = size;
	link->type = type;
	machine_lock();
	link->nth = ++nth;
	link->next = all.next;
	link->prev = &all;
	all.next->prev = link;
	all.next = link;
	machine_unlock();
}

void alloc_untrack(struct alloc_link *link)
{
	machine_lock();
	link->prev->next = link->next;
	link->next->prev = link->prev;
	machine_unlock();
}

struct alloc_link *alloc_first(void)
{
	return alloc_next(&all);
}

struct alloc_link *alloc_next(struct alloc_link *link)
{
	return link->next == &all ? NULL : link->next;
}

void alloc_drop_all(void)
{
	struct alloc_link *link, *next;

	for (link = all.next; link != &all; link = next) {
		next = link->next;
		free(link);
	}
	all.next = all.prev = &all;
}

static const char *const site_names[NR_ALLOC_SITES] = {
	"other", "table.atomic", "table.sleep", "extend.atomic", "extend.sleep", "folio",
	"swapon", "charge", "io", "memcg.atomic", "memcg.sleep", "charge.in",
	"io.read", "abort", "refused",
};

static struct alloc_stat stats[NR_ALLOC_TYPES];
static struct site_state {
	struct fail_plan plan;
	unsigned long attempts, failed;
} sites[NR_ALLOC_SITES];
static bool plans_on;
static shrinker_fn shrinker;
static void *shrinker_arg;

const char *alloc_site_name(enum alloc_site site)
{
	return site_names[site];
}

void alloc_fail_plan(enum alloc_site site, const struct fail_plan *plan)
{
	machine_lock();
	sites[site].plan = *plan;
	sites[site].attempts = 0;
	__atomic_store_n(&plans_on, true, __ATOMIC_RELAXED);
	machine_unlock();
}

void alloc_fail_reset(void)
{
	machine_lock();
	memset(sites, 0, sizeof(sites));
	__atomic_store_n(&plans_on, false, __ATOMIC_RELAXED);
	machine_unlock();
}

void alloc_fail_stat(enum alloc_site site, unsigned long *attempts, unsigned long *failed)
{
	machine_lock();
	*attempts = sites[site].attempts;
	*failed = sites[site].failed;
	machine_unlock();
}

static bool attempt_fails(enum alloc_site site)
{
	struct site_state *s = &sites[site];
	bool fail;

	if (machine_fail_choice(site))
		return true;
	if (!__atomic_load_n(&plans_on, __ATOMIC_RELAXED))
		return false;
	machine_lock();
	s->attempts++;
	fail = (s->plan.from && s->attempts >= s->plan.from && s->attempts <= s->plan.to) ||
	       (s->plan.every && s->attempts % s->plan.every == 0) ||
	       (s->plan.probability && machine_random16() < s->plan.probability);
	s->failed += fail;
	machine_unlock();
	return fail;
}

bool should_fail_alloc(enum alloc_site site)
{
	bool fail = attempt_fails(site);

	if (fail)
		trace_alloc_failed(site, false);
	return fail;
}

bool should_abort(void)
{
	bool abort = attempt_fails(ALLOC_ABORT);

	if (abort)
		trace_op_aborted();
	return abort;
}

void alloc_stat_read(enum alloc_type type, struct alloc_stat *stat)
{
	machine_lock();
	*stat = stats[type];
	machine_unlock();
}

static void account(enum alloc_type type, long bytes, long objects, long waiting)
{
	struct alloc_stat *s = &stats[type];

	machine_lock();
	s->bytes += bytes;
	s->objects += objects;
	s->waiting += waiting;
	if (objects > 0)
		s->allocs++;
	if (s->bytes > s->bytes_max)
		s->bytes_max = s->bytes;
	machine_unlock();
}

void register_shrinker(shrinker_fn fn, void *arg)
{
	shrinker = fn;
	shrinker_arg = arg;
}

unsigned int memalloc_noreclaim_save(void)
{
	unsigned int was = current->memalloc;

	current->memalloc = true;
	return was;
}

void memalloc_noreclaim_restore(unsigned int flags)
{
	current->memalloc = flags;
}

void pm_restrict_gfp_mask(void)
{
	current->suspended = true;
}

void pm_restore_gfp_mask(void)
{
	current->suspended = false;
}

bool pm_suspended_storage(void)
{
	return current && current->suspended;
}

void alloc_may_sleep(gfp_t gfp)
{
	unsigned int flags;

	if (!gfpflags_allow_blocking(gfp))
		return;
	__might_sleep("GFP_KERNEL allocation", CODE_SITE);
	machine_sleep_point();
	if (shrinker && !current->memalloc && !machine_random(8)) {
		flags = memalloc_noreclaim_save();
		shrinker(shrinker_arg);
		memalloc_noreclaim_restore(flags);
	}
}

/* The site that counts this attempt; checks the mask. */
static enum alloc_site site_of(enum alloc_site site, gfp_t gfp)
{
	if (!gfpflags_allow_blocking(gfp))
		return site;
	switch (site) {
	case ALLOC_TABLE_ATOMIC:
		/* a reclaimer would drain the emergency reserves */
		if ((gfp & __GFP_HIGH) && !(gfp & __GFP_NOMEMALLOC))
			harness_fail("GFP", CODE_SITE,
				     "a sleeping table allocation may use the emergency reserves");
		return ALLOC_TABLE_SLEEP;
	case ALLOC_EXTEND_ATOMIC:
		return ALLOC_EXTEND_SLEEP;
	case ALLOC_MEMCG_ATOMIC:
		return ALLOC_MEMCG_SLEEP;
	default:
		return site;
	}
}

/* Sleeping, then failing, as asked for. Return: may the allocation go on? */
static bool alloc_begin(enum alloc_site site, gfp_t gfp)
{
	machine_point(POINT_ALLOC, NULL);
	site = site_of(site, gfp);
	alloc_may_sleep(gfp);
	return (gfp & __GFP_NOFAIL) || !should_fail_alloc(site);
}

static void *obj_alloc(size_t size, gfp_t gfp, enum alloc_type type)
{
	struct obj_header *h;

	if (size > (1UL << 40))
		return NULL;
	/* calloc: large zeroed arrays cost nothing until touched */
	h = calloc(1, OBJ_HEADER_SIZE + size);
	if (!h)
		return NULL;
	alloc_track(&h->link, (char *)h + OBJ_HEADER_SIZE, size, type);
	account(type, size, 1, 0);
	machine_fresh((char *)h + OBJ_HEADER_SIZE, size);
	return (char *)h + OBJ_HEADER_SIZE;
}

static struct obj_header *obj_header(const void *p)
{
	return (struct obj_header *)((char *)p - OBJ_HEADER_SIZE);
}

static void obj_free(void *p)
{
	struct obj_header *h = obj_header(p);

	account(h->link.type, -(long)h->link.size, -!h->waiting, -h->waiting);
	/* a late reader finds no zeroes */
	memset(p, 0x6b, min(h->link.size, (size_t)8192));
	alloc_untrack(&h->link);
	machine_free(h, p, h->link.size);
}

void alloc_take_back(struct alloc_link *link)
{
	if (link->slab)
		slab_take_back(link);
	else
		obj_free(link->object);
}

/* Memory is only zero if that was asked for. */
static void poison_new(void *p, size_t size, gfp_t gfp)
{
	if (p && !(gfp & __GFP_ZERO))
		memset(p, 0xa5, min(size, (size_t)8192));
}

void *__kmalloc_tagged(size_t size, gfp_t gfp, enum alloc_site site, enum alloc_type type)
{
	void *p = alloc_begin(site, gfp) ? obj_alloc(size, gfp, type) : NULL;

	poison_new(p, size, gfp);
	return p;
}

void kfree(const void *p)
{
	machine_point(POINT_FREE, p);
	if (p)
		obj_free((void *)p);
}

size_t ksize(const void *p)
{
	return p ? obj_header(p)->link.size : 0;
}

struct rcu_free {
	struct alloc_link link;
	struct rcu_head head;
	void *p;
};

static void rcu_free_cb(struct rcu_head *head)
{
	struct rcu_free *f = container_of(head, struct rcu_free, head);

	obj_free(f->p);
	machine_memory_gone(f, sizeof(*f));
	alloc_untrack(&f->link);
	free(f);
}

void kfree_rcu_tagged(void *p)
{
	struct rcu_free *f = calloc(1, sizeof(*f));

	if (!f)
		harness_fail("SETUP", CODE_SITE, "no memory");
	alloc_track(&f->link, NULL, 0, ALLOC_TYPE_MISC);
	f->p = p;
	account(obj_header(p)->link.type, 0, -1, 1);
	obj_header(p)->waiting = true;
	alloc_set_live(p, false);
	call_rcu(&f->head, rcu_free_cb);
}

/* --- pages ------------------------------------------------------------------------------ */

#define PAGE_DESC_SIZE 64

struct page *__alloc_page_tagged(size_t size, gfp_t gfp, enum alloc_site site,
				 enum alloc_type type)
{
	struct page *page;

	_Static_assert(sizeof(struct page) + sizeof(long) <= PAGE_DESC_SIZE, "descriptor fits");
	if (!alloc_begin(site, gfp))
		return NULL;
	page = obj_alloc(PAGE_DESC_SIZE + size, gfp, type);
	if (page)
		poison_new(page_address(page), size, gfp);
	return page;
}

void *page_address(const struct page *page)
{
	return (char *)page + PAGE_DESC_SIZE;
}

struct page *virt_to_page(const void *addr)
{
	return (struct page *)((char *)addr - PAGE_DESC_SIZE);
}

void __free_page(struct page *page)
{
	machine_point(POINT_FREE, page);
	obj_free(page);
}

void page_account_waiting(struct page *page)
{
	obj_header(page)->waiting = true;
	alloc_set_live(page, false);
	alloc_set_live(page_address(page), false);
	account(obj_header(page)->link.type, 0, -1, 1);
}

/* --- for slab.c ------------------------------------------------------------------------- */

bool slab_alloc_begin(enum alloc_site site, gfp_t gfp);
void slab_account(enum alloc_type type, long bytes, long objects, long waiting);

bool slab_alloc_begin(enum alloc_site site, gfp_t gfp)
{
	return alloc_begin(site, gfp);
}

void slab_account(enum alloc_type type, long bytes, long objects, long waiting)
{
	account(type, bytes, objects, waiting);
}

void alloc_reset(void)
{
	memset(stats, 0, sizeof(stats));
	alloc_fail_reset();
	alloc_roots_reset();
	shrinker = NULL;
}
