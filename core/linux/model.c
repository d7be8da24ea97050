// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tree calls and the model answers: folios, the reverse map, memory cgroups, I/O,
 * allocation sites and lock classes. Compiled as the tree's files are, with their headers.
 */
#undef folio_put
#undef folio_alloc
#undef migrate_folio
#include <mm/mm.h>
#include <mm/mm_view.h>
#include <tree/mm/swap_table.h>
#include "hooks.h"

#undef current

static struct tree_task the_task = { .mm = &init_mm };
struct tree_task *const tree_current = &the_task;

/* --- folios --------------------------------------------------------------------------------- */

void tree_folio_put(struct folio *folio)
{
	if (tree_is_table(folio))
		__free_page((struct page *)folio);
	else
		folio_put(folio);
}

bool tree_cpu_online(unsigned int cpu)
{
	return cpu == get_current()->cpu || machine_random(8);
}

/* More lenient: our folios need not lie at a multiple of their size, but the tree says that they do. */
void tree_judge_area(const struct vm_area_struct *vma, unsigned long addr, unsigned int order)
{
	if (addr + (PAGE_SIZE << order) <= vma->vm_start || addr >= vma->vm_end)
		harness_fail("PTE", CODE_SITE, "a folio is allocated for page %lu, in an area of pages %lu to %lu",
			     addr >> PAGE_SHIFT, vma->vm_start >> PAGE_SHIFT, (vma->vm_end >> PAGE_SHIFT) - 1);
}

struct folio *tree_folio_alloc(gfp_t gfp, unsigned int order)
{
	struct tree_frame *f = tree_frame_of(FN___swap_cache_alloc);
	struct folio *folio;

	if (!order && !(gfp & __GFP_DIRECT_RECLAIM))
		harness_fail("GFP", CODE_SITE, "a page is allocated with the limits of a large folio");
	folio = folio_alloc(gfp | __GFP_DIRECT_RECLAIM, order);
	if (f)
		f->local[1] = (unsigned long)folio;
	return folio;
}

bool tree_readahead_found(struct folio *folio)
{
	bool found = test_and_clear_bit(PG_readahead, &folio->flags);

	folio_used(folio);
	if (found)
		swap_io_request(SWAP_IO_AHEAD_HIT);
	return found;
}

void tree_readahead_marked(void)
{
	swap_io_request(SWAP_IO_AHEAD);
}

void tree_folio_set_locked(struct folio *folio, const char *site)
{
	__folio_lock(folio, LOCK_NO_EDGE, site);
}

bool noop_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	return false;
}

int tree_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	return 0;
}

/* --- allocation sites and lock classes: by the function, by the object ---------------------- */

/* The ->lock of a cluster in the array that the task has allocated last? */
static bool is_cluster_lock(const spinlock_t *lock)
{
	const struct tree_stack *s = tree_stack_of_task();
	unsigned long at = (unsigned long)lock - (unsigned long)s->clusters;

	return (unsigned long)lock >= (unsigned long)s->clusters && at < s->clusters_size &&
	       at % sizeof(struct swap_cluster_info) == offsetof(struct swap_cluster_info, lock);
}

enum lock_class tree_lock_class(const spinlock_t *lock, const char *what)
{
	if (strstr(what, "global_cluster_lock"))
		return lock_class_global_cluster;
	if (is_cluster_lock(lock))
		return lock_class_cluster;
	/* "&p->lock" of a device, or one that a patch has added */
	return strlen(what) > 6 && !strcmp(what + strlen(what) - 6, "->lock") ? lock_class_swap_info : lock_class_own;
}

void *tree_kalloc(size_t size, gfp_t gfp, const char *func, const char *what)
{
	enum alloc_site site = ALLOC_SWAPON;
	enum alloc_type type = ALLOC_TYPE_MISC;
	void *mem;

	tree_judge_gfp(gfp);
	if (strstr(func, "extend") || strstr(what, "extend")) {
		site = ALLOC_EXTEND_ATOMIC;
		type = ALLOC_TYPE_EXTEND;
	} else if (!strcmp(func, "swap_cluster_alloc_table") || strstr(what, "memcg")) {
		site = ALLOC_MEMCG_ATOMIC;
		type = ALLOC_TYPE_MEMCG;
	} else if (strstr(what, "cluster_info")) {
		type = ALLOC_TYPE_CLUSTER_INFO;
	}
	mem = __kmalloc_tagged(size, gfp, site, type);
	if (mem && type == ALLOC_TYPE_CLUSTER_INFO) {
		tree_stack_of_task()->clusters = mem;
		tree_stack_of_task()->clusters_size = size;
	}
	if (mem && !strcmp(func, "alloc_swap_info"))
		tree_kcsan_device(mem);
	return mem;
}

long tree_policies;

unsigned long tree_time;

unsigned long tree_jiffies(void)
{
	return __atomic_add_fetch(&tree_time, machine_random(2), __ATOMIC_RELAXED);
}

/* --- memory cgroups ------------------------------------------------------------------------- */

#undef __mem_cgroup_try_charge_swap

int tree_try_charge_swap(struct folio *folio)
{
	int err = __mem_cgroup_try_charge_swap(folio);

	tree_stack_of_task()->charges++;
	if (err)
		tree_charge_failed();
	return err;
}

/* Memory for the list of large folios that may be split. It fails as charges do. */
int folio_memcg_alloc_deferred(struct folio *folio)
{
	if (should_fail_alloc(ALLOC_CHARGE_IN)) {
		mm_large_failed(folio_order(folio));
		return -ENOMEM;
	}
	set_bit(PG_deferred, &folio->flags);
	return 0;
}

/* The kernel's of a machine with little memory: windows of up to four slots, in which three devices meet. */
#define PAGE_CLUSTER 2

/* --- mm/swap.c -------------------------------------------------------------------------------- */

#if !API_PAGE_CLUSTER_STATIC
int page_cluster = PAGE_CLUSTER;

void lru_add_drain(void)
{
}

void workingset_refault(struct folio *folio, void *shadow)
{
	tree_refault(folio, shadow);
}
#endif

void tree_sysctl(const struct ctl_table *table)
{
	if (!strcmp(table->procname, "page-cluster"))
		*(int *)table->data = PAGE_CLUSTER;
}

/* --- the reverse map, page tables ----------------------------------------------------------- */

void tree_folio_add_lru(struct folio *folio)
{
	/* in the kernel its cgroup has no list that it could be on */
	if (folio_order(folio) > 1 && !test_bit(PG_deferred, &folio->flags))
		harness_fail("WARN", CODE_SITE,
			     "folio_add_lru(): a folio of order %u, and folio_memcg_alloc_deferred() was not called",
			     folio_order(folio));
	folio_set_lru(folio);
}

void tree_add_anon_rmap(struct folio *folio, unsigned long idx, struct vm_area_struct *vma,
			unsigned long addr, rmap_t flags)
{
	folio->exclusive = flags & RMAP_EXCLUSIVE;
	folio_set_anon_family(folio, vma->vm_mm->family, (addr >> PAGE_SHIFT) - idx);
	atomic_inc(&folio->_mapcount);
}

/*
 * A page that swapoff finds with other spaces may be one that KSM has merged, or one of a space that does not
 * stem from the same fork: by choice it is copied, which fails if there is no memory or the old page's is broken.
 * That may be known of the old page without a copy, too.
 */
struct folio *tree_ksm_copy(struct folio *folio)
{
	struct tree_stack *s = tree_stack_of_task();
	struct folio *copy;

	s->readable = folio_test_uptodate(folio) ? 1 : -1;
	s->broken = NULL;
	if (folio_test_large(folio) || !folio_test_anon(folio) || !folio_test_uptodate(folio) || !should_abort())
		return folio;
	if (should_fail_alloc(ALLOC_IO_READ)) {
		s->readable = -1;
		if (machine_random(2))
			return ERR_PTR(-EHWPOISON);
		s->broken = folio;
		return folio;
	}
	copy = (folio_alloc)(GFP_HIGHUSER_MOVABLE, 0);
	if (!copy)
		return NULL;
	folio_lock_new(copy);
	folio_set_swapbacked(copy);
	/* the kernel asks the space; here a page stays its owner's cgroup's */
	copy->memcg = folio->memcg;
	folio_set_content(copy, 0, folio_content(folio, 0));
	folio_mark_uptodate(copy);
	folio_mark_dirty(copy);
	/* tags are copied, too */
	if (s->restored == folio)
		s->restored = copy;
	return copy;
}

bool tree_page_broken(const struct page *page)
{
	return tree_stack_of_task()->broken == page_folio(page);
}

/*
 * A page table of a model's mm goes on to its end; where the kernel's would end, and where the area begins and ends
 * that is read ahead, is looked at here.
 */
pte_t *tree_table_map(pte_t *pte, unsigned long addr)
{
	struct tree_stack *s = tree_stack_of_task();

	s->table = pte - ((addr & ~PMD_MASK) >> PAGE_SHIFT);
	return pte;
}

pte_t *tree_pgd(struct mm_struct *mm, unsigned long addr)
{
	if (addr >= mm->nr_ptes << PAGE_SHIFT)
		harness_fail("PTE", CODE_SITE, "the entry of page %lu is read, but it belongs to an area of huge pages",
			     addr >> PAGE_SHIFT);
	return mm->ptes;
}

struct vm_area_struct *tree_vma_next(struct tree_vma_iterator *vmi)
{
	unsigned long end = vmi->mm->nr_ptes << PAGE_SHIFT;
	struct vm_area_struct *vma;

	while (vmi->next < MM_VMAS) {
		vma = &vmi->mm->vmas[vmi->next++];
		if (vma->vm_start < vma->vm_end)
			return vma;
	}
	if (vmi->next++ > MM_VMAS || !(vmi->mm->id % 2))
		return NULL;
	vmi->huge = (struct vm_area_struct){
		.vm_mm = vmi->mm, .vm_start = end, .vm_end = end + PMD_SIZE, .anon_vma = vmi->mm->vmas[0].anon_vma,
	};
	return &vmi->huge;
}

static void check_in_area(const struct vm_fault *vmf, const pte_t *pte)
{
	const struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = (pte - vmf->pmd) << PAGE_SHIFT;

	if (addr < vma->vm_start || addr >= vma->vm_end)
		harness_fail("PTE", CODE_SITE, "the entry of page %lu is read for an area of pages %lu to %lu",
			     addr >> PAGE_SHIFT, vma->vm_start >> PAGE_SHIFT, (vma->vm_end >> PAGE_SHIFT) - 1);
}

const pte_t *tree_table_entry(const pte_t *pte)
{
	const pte_t *table = tree_stack_of_task()->table;
	const struct tree_frame *f = tree_frame_of(FN_swapin_readahead);

	if (table && (pte < table || pte >= table + (PMD_SIZE >> PAGE_SHIFT)))
		harness_fail("PTE", CODE_SITE, "entry %ld of a page table that has %lu is read", pte - table,
			     PMD_SIZE >> PAGE_SHIFT);
	if (table && f)
		check_in_area((const struct vm_fault *)f->args[2], pte);
	return pte;
}

void tree_table_read(const pte_t *at, pte_t pte)
{
	const struct tree_frame *f = tree_frame_of(FN_swapin_readahead);
	struct tree_stack *s = tree_stack_of_task();

	if (f && s->table)
		s->ahead[s->nr_ahead++ % TREE_AHEAD_MAX] = (struct tree_ahead){
			.page = at - ((const struct vm_fault *)f->args[2])->pmd,
			.entry = softleaf_from_pte(pte).val,
		};
}

/*
 * The index is that of a page whose entry was read and is the one that is swapped in, in whichever order the tree does
 * so; or that of the page of the fault, if this is its entry, or if no page has the entry, as when slots are read
 * ahead.
 */
void tree_judge_ilx(unsigned long ilx)
{
	const struct tree_frame *f = tree_frame_of(FN_swapin_readahead), *alloc = tree_frame_of(FN___swap_cache_alloc);
	const struct tree_stack *s = tree_stack_of_task();
	bool known = false;
	unsigned int i;

	if (!f || !alloc)
		return;
	for (i = 0; i < s->nr_ahead && i < TREE_AHEAD_MAX; i++) {
		if (s->ahead[i].entry != alloc->args[1])
			continue;
		known = true;
		if (ilx == TREE_ILX(s->ahead[i].page << PAGE_SHIFT))
			return;
	}
	if ((alloc->args[1] == f->args[0] || !known) && ilx == TREE_ILX(((const struct vm_fault *)f->args[2])->address))
		return;
	harness_fail("NUMA", CODE_SITE, "an entry has the interleave index of page %ld, which had another entry",
		     (long)(ilx - TREE_ILX(0)));
}

void tree_table_unmap(void)
{
	tree_stack_of_task()->table = NULL;
}

/* as the kernel's: each page of the folio is taken for mapped */
void tree_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			    rmap_t flags)
{
	folio->exclusive = flags & RMAP_EXCLUSIVE;
	folio_set_anon_family(folio, vma->vm_mm->family, addr >> PAGE_SHIFT);
	atomic_add(folio_nr_pages(folio), &folio->_mapcount);
}

/*
 * Swapoff brings a page back. The kernel maps an exclusive page read-only, and a store reuses it without a copy;
 * here such a PTE is writable at once.
 */
void tree_set_pte(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	pte = tree_unused(mm_vma(mm, addr >> PAGE_SHIFT), __pte(RAW(ptep->val)), pte);
	if (pte_present(pte))
		check_content(mm, addr >> PAGE_SHIFT, pte_folio(pte), pte_page_idx(pte), "swapoff");
	set_pte(ptep, pte_present(pte) && pte_folio(pte)->exclusive ?
		pte_mkwrite(pte, mm_vma(mm, addr >> PAGE_SHIFT)) : pte);
	if (pte_present(pte))
		count_vm_events(PGUNUSE, 1);
}
