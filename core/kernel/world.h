/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What core/mm, the checks and the engines ask of the swap core beside the kernel's own API
 * (<swap/swap.h>): devices on and off, and views of what is private to the core's files.
 * Implemented by core/swap, and by core/linux for a kernel tree.
 */
#ifndef _KERNEL_WORLD_H
#define _KERNEL_WORLD_H

#include <kernel/atomic.h>
#include <kernel/swap_entry.h>

struct block_device;
struct seq_file;
struct swap_info_struct;

extern struct swap_info_struct *swap_info[];	/* MAX_SWAPFILES */

/* A new world: geometry and mutants have been set; no task runs. Return: 0, -ENOMEM. */
int swapfile_init(void);
/* All devices are off. Frees what is left. */
void swapfile_exit(void);

/* As the system calls; @type: set to the device's. May sleep. Return: 0, negative errno. */
int swapon(struct block_device *bdev, int swap_flags, unsigned int *type);
int swapoff(unsigned int type);

/*
 * Where a device's pages are, for the harness: not a point, and TSan does not see it. A tree does not know that of a
 * swap file whose file system has no block device. Return: NULL: it was never on, or such a file is off.
 */
struct block_device *swap_bdev(const struct swap_info_struct *si);

/* /proc/swaps is opened: sets @m->op. */
void swaps_open(struct seq_file *m);
/* poll() of it: did a device come or go since it was opened, or asked last? */
bool swaps_changed(struct seq_file *m);

/* Pins a device that is known by its struct. Return: false once swapoff killed the reference. */
bool get_swap_device_info(struct swap_info_struct *si);

/* NULL: that type was never in use. */
static inline struct swap_info_struct *swap_type_to_info(unsigned int type)
{
	return type < MAX_SWAPFILES ? smp_load_acquire(&swap_info[type]) : NULL;
}

/* For tracepoints: the same, but it orders nothing and is not a scheduling point. */
static inline const struct swap_info_struct *swap_trace_info(swp_entry_t entry)
{
	return __atomic_load_n(&swap_info[swp_type(entry) % MAX_SWAPFILES], __ATOMIC_RELAXED);
}

/* --- hints: where a CPU allocated last, for each order ----------------------------------- */

struct swap_hint {
	struct swap_info_struct *si;	/* NULL: none */
	unsigned long offset;
};

/* How many hints a CPU has: one for each order; of a tree, perhaps none, or for each order several. */
#define SWAP_NR_HINTS_MAX 64
unsigned int swap_nr_hints(void);

/* A CPU's hints, under its local lock; @hints has SWAP_NR_HINTS_MAX of them. */
void swap_hints_get(unsigned int cpu, struct swap_hint *hints);
/* Those with a device; the caller has a reference to each. */
void swap_hints_set(unsigned int cpu, const struct swap_hint *hints);

/* For checks and for names of addresses: no lock, no order, no scheduling point. @i: below swap_nr_hints() */
struct swap_hint swap_hint_peek(unsigned int cpu, unsigned int i);
bool swap_hints_locked(unsigned int cpu);
/* Does @addr lie in a CPU's hints, their lock included? */
bool swap_hints_contain(const volatile void *addr, unsigned int cpu);
/* ... or in the variable by whose name they are found? */
bool swap_hints_named(const volatile void *addr);

#endif /* _KERNEL_WORLD_H */
