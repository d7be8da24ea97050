// SPDX-License-Identifier: GPL-2.0-only
/* Address spaces: life cycle, families, the mmlist, mapping of new folios. */
#include <kernel/sched.h>
#include <kernel/slab.h>
#include "mm.h"
#include "mm_view.h"

struct mm_struct init_mm;
spinlock_t mmlist_lock = __SPIN_LOCK_UNLOCKED(lock_class_mmlist_lock);
static spinlock_t mm_registry_lock = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static LIST_HEAD(mm_registry);
static atomic_t mm_last_id;

/* A new world: forgets spaces whose memory is gone. Context: no task runs. */
void mm_lists_init(void)
{
	INIT_LIST_HEAD(&init_mm.mmlist);
	/* never goes */
	atomic_set(&init_mm.mm_users, 2);
	INIT_LIST_HEAD(&mm_registry);
	atomic_set(&mm_last_id, 0);
}

static void *mm_kzalloc(size_t size)
{
	return __kmalloc_tagged(size, GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL, ALLOC_OTHER,
				ALLOC_TYPE_MM);
}

struct anon_family *family_get(struct anon_family *family)
{
	atomic_inc(&family->refs);
	return family;
}

void family_put(struct anon_family *family)
{
	if (atomic_dec_and_test(&family->refs))
		kfree(family);
}

static struct anon_family *family_create(void)
{
	struct anon_family *family = mm_kzalloc(sizeof(*family));

	if (!family)
		return NULL;
	mutex_init(&family->lock);
	lockdep_set_class(&family->lock, lock_class_rmap);
	INIT_LIST_HEAD(&family->mms);
	atomic_set(&family->refs, 1);
	/* fork does not leave the cgroup */
	family->memcg = 1 + atomic_read(&mm_last_id) % NR_MEMCGS;
	family->moved = atomic_read(&mm_last_id) % 2;
	return family;
}

/* The second begins where no page table does, behind half of the pages. */
static void vmas_init(struct mm_struct *mm, struct anon_family *family)
{
	unsigned long half = (mm->nr_ptes / 2) | 1;
	unsigned int i;

	for (i = 0; i < MM_VMAS; i++)
		mm->vmas[i] = (struct vm_area_struct){
			.vm_mm = mm, .vm_start = (i ? half : 0) << PAGE_SHIFT,
			.vm_end = (i ? mm->nr_ptes : half) << PAGE_SHIFT, .vm_page_prot = PAGE_COPY,
			.anon_vma = (struct anon_vma *)family,
		};
}

/* A new mm with one user, in the family: newest first. Takes a reference on the family. */
struct mm_struct *mm_alloc(unsigned long nr_ptes, struct anon_family *family)
{
	unsigned long i, nr_ptls = (nr_ptes >> geometry.ptl_shift) + 1;
	struct mm_struct *mm = mm_kzalloc(sizeof(*mm));

	if (!mm)
		return NULL;
	mm->ptes = mm_kzalloc(nr_ptes * sizeof(pte_t));
	mm->ghosts = mm_kzalloc(nr_ptes * (sizeof(mm->ghosts[0]) + sizeof(mm->memcgs[0])));
	mm->ptls = mm_kzalloc(nr_ptls * sizeof(spinlock_t));
	if (!mm->ptes || !mm->ghosts || !mm->ptls) {
		kfree(mm->ptes);
		kfree(mm->ghosts);
		kfree(mm->ptls);
		kfree(mm);
		return NULL;
	}
	mm->memcgs = (unsigned short *)(mm->ghosts + nr_ptes);
	for (i = 0; i < nr_ptls; i++) {
		spin_lock_init(&mm->ptls[i]);
		lockdep_set_class(&mm->ptls[i], lock_class_ptl);
	}
	mm->id = atomic_inc_return(&mm_last_id);
	mm->nr_ptes = nr_ptes;
	atomic_set(&mm->mm_users, 1);
	init_rwsem(&mm->mmap_lock);
	lockdep_set_class(&mm->mmap_lock, lock_class_mmap_lock);
	INIT_LIST_HEAD(&mm->mmlist);
	vmas_init(mm, family);
	mm->family = family_get(family);
	mutex_lock(&family->lock);
	list_add(&mm->family_list, &family->mms);
	mutex_unlock(&family->lock);
	spin_lock(&mm_registry_lock);
	list_add_tail(&mm->all, &mm_registry);
	spin_unlock(&mm_registry_lock);
	return mm;
}

struct mm_struct *mm_create(unsigned long nr_ptes)
{
	struct anon_family *family = family_create();
	struct mm_struct *mm;

	if (!family)
		return NULL;
	mm = mm_alloc(nr_ptes, family);
	family_put(family);
	return mm;
}

void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	mm_zap(mm, 0, mm->nr_ptes);
	mutex_lock(&mm->family->lock);
	list_del(&mm->family_list);
	mutex_unlock(&mm->family->lock);
	spin_lock(&mmlist_lock);
	if (!list_empty(&mm->mmlist)) {
		list_del(&mm->mmlist);
		trace_mm_unlisted(mm->id);
		mm_assert_no_entries(mm);
	}
	spin_unlock(&mmlist_lock);
	spin_lock(&mm_registry_lock);
	list_del(&mm->all);
	spin_unlock(&mm_registry_lock);
	family_put(mm->family);
	kfree(mm->ptes);
	kfree(mm->ghosts);
	kfree(mm->ptls);
	kfree(mm);
}

__no_instrument void mm_assert_listed(const struct mm_struct *mm, unsigned long va)
{
	if (mm->mmlist.next == &mm->mmlist)
		harness_fail("INV-G20", CODE_SITE, OBJ_PAGE " gets an entry, and its space is not on the mmlist: "
			     "swapoff would not find it", mm->id, va);
}

__no_instrument void mm_assert_no_entries(struct mm_struct *mm)
{
	const volatile pte_t *pte;
	unsigned long va, val;

	for (va = 0; va < mm->nr_ptes; va++) {
		pte = &mm->ptes[va];
		val = pte->val;
		/* who has the lock may have freed the slot, and be about to clear the PTE */
		if (pte_is_swap(__pte(val)) && !__atomic_load_n(&pte_lockptr(mm, va)->owner, __ATOMIC_ACQUIRE) &&
		    pte->val == val)
			harness_fail("INV-G20", CODE_SITE, OBJ_PAGE " has an entry, and its space leaves the mmlist: "
				     "swapoff would not find it", mm->id, va);
	}
}

/*
 * The mm is about to have a swap entry: into the list, behind the mm that it copies from or
 * init_mm. (The kernel looks without the lock first.)
 * Context: PTL held.
 */
void mmlist_add(struct mm_struct *mm, struct mm_struct *after)
{
	spin_lock(&mmlist_lock);
	if (list_empty(&mm->mmlist)) {
		list_add(&mm->mmlist, &after->mmlist);
		trace_mm_listed(mm->id);
	}
	spin_unlock(&mmlist_lock);
}

unsigned long mm_store_id(struct mm_struct *mm, unsigned long va)
{
	return ((unsigned long)mm->id & 0xffffff) << 40 | (va & 0xfff) << 28 |
	       (atomic_inc_return(&mm->generation) & 0xfffffff);
}

void check_content(struct mm_struct *mm, unsigned long va, struct folio *folio, unsigned int page,
		   const char *where)
{
	unsigned long id = folio_content(folio, page);

	if (id != mm->ghosts[va])
		harness_fail("CONTENT", CODE_SITE,
			     "%s: " OBJ_PAGE " holds %#lx, its owner stored %#lx (" OBJ_FOLIO " page %u)",
			     where, mm->id, va, id, mm->ghosts[va], folio_pfn(folio), page);
}

static int map_new(struct mm_struct *mm, unsigned long va, unsigned int order, bool zero)
{
	unsigned int nr = 1U << order, i;
	struct vm_area_struct *vma;
	struct folio *folio;
	int err = 0;

	if (order > HPAGE_PMD_ORDER || va + nr > mm->nr_ptes || va % nr)
		return -EINVAL;
	down_write(&mm->mmap_lock);
	/* nothing appears in a hole while mmap_lock is held for writing */
	for (i = 0; i < nr && !err; i++)
		if (!pte_none(ptep_get(mm_ptep(mm, va + i))))
			err = -EEXIST;
	if (err)
		goto out;
	folio = folio_alloc(GFP_KERNEL, order);
	if (!folio) {
		err = -ENOMEM;
		goto out;
	}
	folio_throttle_swaprate(folio, GFP_KERNEL);
	folio_lock_new(folio);
	folio_set_swapbacked(folio);
	folio_set_anon_family(folio, mm->family, va);
	folio_mark_dirty(folio);
	folio_mark_uptodate(folio);
	folio_ref_add(folio, nr);
	atomic_add(nr, &folio->_mapcount);
	for (i = 0; i < nr; i++) {
		vma = mm_vma(mm, va + i);
		spin_lock(pte_lockptr(mm, va + i));
		mm->ghosts[va + i] = zero ? CONTENT_ZERO : mm_store_id(mm, va + i);
		mm->memcgs[va + i] = folio->memcg;
		folio_set_content(folio, i, mm->ghosts[va + i]);
		set_pte(mm_ptep(mm, va + i),
			pte_mkwrite(mk_pte(folio_page(folio, i), vma->vm_page_prot), vma));
		spin_unlock(pte_lockptr(mm, va + i));
	}
	folio_add_lru(folio);
	folio_unlock(folio);
	folio_put(folio);
out:
	up_write(&mm->mmap_lock);
	return err;
}

/**
 * mm_map - map a new folio
 * @mm: pinned
 * @va: first page; aligned to the folio
 * @order: the folio's
 *
 * Return: 0, -EEXIST, -ENOMEM, -EINVAL.
 */
int mm_map(struct mm_struct *mm, unsigned long va, unsigned int order)
{
	return map_new(mm, va, order, false);
}

int mm_map_zero(struct mm_struct *mm, unsigned long va, unsigned int order)
{
	return map_new(mm, va, order, true);
}

struct folio *mm_get_folio(struct mm_struct *mm, unsigned long va)
{
	struct folio *folio = NULL;
	pte_t pte;

	if (va >= mm->nr_ptes)
		return NULL;
	spin_lock(pte_lockptr(mm, va));
	pte = ptep_get(mm_ptep(mm, va));
	if (pte_present(pte)) {
		folio = pte_folio(pte);
		folio_get(folio);
	}
	spin_unlock(pte_lockptr(mm, va));
	return folio;
}

/* --- for the checks at rest: no lock is taken --------------------------------------------- */

static const char *wrong_present(pte_t pte)
{
	unsigned long pfn = pte.val >> PTE_PFN_SHIFT;

	if (pte.val & (PTE_SWAP | PTE_SWP_EXCLUSIVE))
		return "it is present, with bits of an entry";
	if (pfn >= max_pfn || !folio_ref_count(pfn_folio(pfn)))
		return "it is present, of a folio that is not allocated";
	if (pte_page_idx(pte) >= folio_nr_pages(pfn_folio(pfn)))
		return "it is present, of a page beyond its folio";
	return NULL;
}

/* Why a PTE is neither none, nor present, nor exactly an entry; NULL: it is one of them. */
static const char *wrong_pte(pte_t pte)
{
	if (pte_none(pte))
		return NULL;
	if (pte_present(pte))
		return wrong_present(pte);
	if (!(pte.val & PTE_SWAP))
		return "it is neither none, nor present, nor an entry";
	if (pte.val & PTE_WRITE)
		return "it is an entry, and writable";
	if (pte_is_poisoned(pte) && pte_swp_exclusive(pte))
		return "it is poisoned, and exclusive";
	return NULL;
}

void mm_for_each_pte(mm_pte_fn fn, void *arg)
{
	struct mm_pte_view view;
	struct mm_struct *mm;
	pte_t pte;

	list_for_each_entry(mm, &mm_registry, all) {
		for (view.va = 0; view.va < mm->nr_ptes; view.va++) {
			pte = mm->ptes[view.va];
			view.wrong = wrong_pte(pte);
			if (pte_none(pte) || (pte_is_poisoned(pte) && !view.wrong))
				continue;
			view.val = pte.val;
			view.mm = mm->id;
			view.listed = !list_empty(&mm->mmlist);
			view.expect = mm->ghosts[view.va];
			view.memcg = mm->memcgs[view.va];
			view.entry.val = pte_is_swap(pte) ? softleaf_from_pte(pte).val : 0;
			view.folio = pte_present(pte) ? pte_folio(pte) : NULL;
			view.page = pte_present(pte) ? pte_page_idx(pte) : 0;
			fn(&view, arg);
		}
	}
}

const struct swap_info_struct *trace_entry_device(swp_entry_t entry)
{
	return swap_trace_info(entry);
}
