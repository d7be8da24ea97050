// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world of the tree's code, for core/mm, programs and stress: init, swapon and swapoff
 * through the real system calls.
 */
#include <linux/swap.h>
#include <check/ghost.h>
#include <kernel/slab.h>
#include <machine/machine.h>
#include <mm/mm.h>
#include <shim/blkdev.h>
#include "hooks.h"

int tree_initcall_swapfile_init(void);
int tree_initcall_procswaps_init(void);
int tree_initcall_swap_init(void);
long tree_sys_swapon(const char *specialfile, int flags);
long tree_sys_swapoff(const char *specialfile);
bool tree_get_swap_device_info(struct swap_info_struct *si);
struct kmem_cache *tree_table_cache(void);

/* --- the tree's globals --------------------------------------------------------------------- */

extern char __start_tree_bss[], __stop_tree_bss[], __start_tree_data[], __stop_tree_data[];

/* not memcpy(): ASan's knows of red zones between globals */
static void __no_instrument copy(volatile char *to, const volatile char *from, size_t n)
{
	while (n--)
		*to++ = *from++;
}

/* As the compiler made them: nothing of an earlier schedule is left. */
static void __no_instrument tree_globals_reset(void)
{
	static char *saved_bss, *saved_data;
	size_t bss = __stop_tree_bss - __start_tree_bss, data = __stop_tree_data - __start_tree_data;

	if (!saved_bss) {
		saved_bss = malloc(bss + data);
		if (!saved_bss)
			harness_fail("SETUP", CODE_SITE, "no memory for the tree's globals");
		saved_data = saved_bss + bss;
		copy(saved_bss, __start_tree_bss, bss);
		copy(saved_data, __start_tree_data, data);
	}
	copy(__start_tree_bss, saved_bss, bss);
	copy(__start_tree_data, saved_data, data);
}

/* --- the world ------------------------------------------------------------------------------ */

int swapfile_init(void)
{
	if (tree_hints.nr > SWAP_NR_HINTS_MAX)
		harness_fail("SETUP", CODE_SITE, "each CPU has %u hints, more than %u", tree_hints.nr,
			     SWAP_NR_HINTS_MAX);
	tree_globals_reset();
	alloc_root(__start_tree_bss, __stop_tree_bss);
	alloc_root(__start_tree_data, __stop_tree_data);
	alloc_root_percpu();
	tree_current->usage = 0;
	tree_policies = 0;
	tree_time = 0;
	tree_hooks_add(tree_hooks_page_io, tree_nr_hooks_page_io);
	tree_hooks_add(tree_hooks_swapfile, tree_nr_hooks_swapfile);
	tree_hooks_add(tree_hooks_swap_state, tree_nr_hooks_swap_state);
	tree_hooks_reset();
	tree_views_reset();
	tree_told_reset();
	tree_blkcg_reset();
	tree_files_reset();
	tree_initcall_swapfile_init();
	tree_initcall_procswaps_init();
#if API_PAGE_CLUSTER_STATIC
	tree_initcall_swap_init();
#endif
	return 0;
}

void swapfile_exit(void)
{
	unsigned int i;

	if (tree_current->usage)
		harness_fail("LEAK", CODE_SITE, "%d references to a task", tree_current->usage);
	if (tree_css_refs())
		harness_fail("LEAK", CODE_SITE, "%ld references to cgroups", tree_css_refs());
	if (tree_policies)
		harness_fail("LEAK", CODE_SITE, "%ld references to memory policies", tree_policies);
	for (i = 0; i < nr_swapfiles; i++) {
		/* a patch may free it with its device */
		if (!swap_info[i])
			continue;
		(percpu_ref_exit)(&swap_info[i]->users);
		kfree(swap_info[i]);
	}
	tree_files_free();
	alloc_take_back_kept();
	if (tree_table_cache())
		kmem_cache_destroy(tree_table_cache());
}

bool get_swap_device_info(struct swap_info_struct *si)
{
	return tree_get_swap_device_info(si);
}

/* The harness's own look at what a swapon may be publishing. */
static __no_instrument struct swap_info_struct *info_of(unsigned int type)
{
	return RAW(swap_info[type]);
}

/* Again, or still, which RESULT judges. */
static __no_instrument bool is_on(const struct swap_info_struct *si)
{
	return si && RAW(si->swap_file);
}

static __no_instrument struct block_device *bdev_of(unsigned int type)
{
	struct swap_info_struct *si = type < MAX_SWAPFILES ? info_of(type) : NULL;

	return si ? swap_bdev(si) : NULL;
}

/*
 * The other way round; that it is on goes before that it was. If another task has swapped it off by now, the result
 * may be a type that no device has.
 */
static __no_instrument unsigned int type_of(struct block_device *bdev)
{
	unsigned int i, type = MAX_SWAPFILES - 1, nr = RAW(nr_swapfiles);

	for (i = 0; i < nr; i++)
		if (bdev_of(i) == bdev)
			type = i;
	for (i = 0; i < nr; i++)
		if (bdev_of(i) == bdev && is_on(info_of(i)))
			type = i;
	return type;
}

struct tree_wait_queue_head tree_waits_for_variables;

static const struct tree_wait_queue_head *polled;	/* where pollers of /proc/swaps wait */

void tree_poll_waits(const struct tree_wait_queue_head *queue)
{
	__atomic_store_n(&polled, queue, __ATOMIC_RELAXED);
}

/* Somebody polls /proc/swaps from here on. */
static void poll_begins(struct tree_stack *s)
{
	s->woke = s->woke_in_vain = false;
	machine_mute();
	swaps_open(&s->poller);
	swaps_changed(&s->poller);
	machine_unmute();
}

/* A poller looks at once: what comes later it is not told of, unless it is woken again. */
void tree_woken(const struct tree_wait_queue_head *wq)
{
	struct tree_stack *s = tree_stack_of_task();
	bool told;

	if (wq != RAW(polled) || !s->poller.op)
		return;
	machine_mute();
	told = swaps_changed(&s->poller);
	machine_unmute();
	/* who is woken before the device is gone reads of it once more */
	if (s->off && !s->torn_down && is_on(s->off))
		return;
	s->woke |= told;
	s->woke_in_vain |= !told;
}

static void check_woke(const char *call)
{
	const struct tree_stack *s = tree_stack_of_task();

	if (!s->woke)
		CHECK_FAIL("INV-G17", "%s has %s", call, s->woke_in_vain ?
			   "woken who polls /proc/swaps, which had nothing to tell then, and sleeps on" :
			   "not woken who polls /proc/swaps");
}

/* May the task? Once in each swapon and swapoff. */
bool tree_capable(void)
{
	struct tree_stack *s = tree_stack_of_task();

	if (!s->capable)
		s->capable = should_fail_alloc(ALLOC_REFUSED) ? -1 : 1;
	return s->capable > 0;
}

static void check_capable(const char *call, int err)
{
	int capable = tree_stack_of_task()->capable;

	if (capable < 0 ? err != -EPERM : !capable && !err)
		harness_fail("RESULT", CODE_SITE, "%s returns %d, but its task %s", call, err,
			     capable ? "lacks CAP_SYS_ADMIN" : "was not asked for CAP_SYS_ADMIN");
}

/* By choice shmem, which is not modelled, has no memory for a page of the device. Each round of swapoff begins here. */
int tree_shmem_unuse(unsigned int type)
{
	struct tree_stack *s = tree_stack_of_task();

	tree_usage_round(type);
	s->shmem = should_fail_alloc(ALLOC_FOLIO) ? -ENOMEM : 0;
	return s->shmem;
}

int swapon(struct block_device *bdev, int swap_flags, unsigned int *type)
{
	struct tree_stack *s = tree_stack_of_task();
	int err;

	poll_begins(s);
	s->refused = NULL;
	s->drained = false;
	s->zoned = 0;
	s->flaw = 0;
	s->capable = 0;
	s->clusters = NULL;
	err = tree_sys_swapon((const char *)bdev, swap_flags);
	check_capable("swapon", err);
	if (s->refused && err >= 0)
		harness_fail("RESULT", CODE_SITE, "swapon returns %d, but its device %s", err, s->refused);
	if (err)
		return err;
	if (!s->drained)
		harness_fail("IO-FILE", CODE_SITE,
			     "swapon returns 0, but did not call inode_drain_writes() with S_SWAPFILE set");
	check_woke("swapon");
	*type = type_of(bdev);
	return 0;
}

int swapoff(unsigned int type)
{
	struct block_device *bdev = bdev_of(type);
	struct tree_stack *s = tree_stack_of_task();
	int err;

	if (!bdev)
		return -EINVAL;
	poll_begins(s);
	s->off = info_of(type);
	s->torn_down = false;
	s->capable = 0;
	s->shmem = 0;
	err = tree_sys_swapoff((const char *)bdev);
	s->off = NULL;
	check_capable("swapoff", err);
	if (s->shmem && err != s->shmem)
		harness_fail("RESULT", CODE_SITE, "swapoff returns %d, but shmem_unuse() returned %d", err, s->shmem);
	tree_state_judge(STATE_OOM_ORIGIN, STATE_COMMITTED, "swapoff");
	if (err)
		return err;
	if (!is_on(info_of(type)))
		check_woke("swapoff");
	trace_swapoff_done(info_of(type));
	return 0;
}
