/* SPDX-License-Identifier: GPL-2.0-only */
/* Bit operations on words that are shared without a lock. */
#ifndef _KERNEL_BITOPS_H
#define _KERNEL_BITOPS_H

#include <kernel/atomic.h>

#define BIT_MASK(nr) (1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr) ((nr) / BITS_PER_LONG)
#define BITS_TO_LONGS(nr) DIV_ROUND_UP(nr, BITS_PER_LONG)

static inline bool test_bit(unsigned long nr, const unsigned long *addr)
{
	return READ_ONCE(addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline bool test_bit_acquire(unsigned long nr, const unsigned long *addr)
{
	return smp_load_acquire(&addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline void set_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_store(&addr[BIT_WORD(nr)]);
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_store(&addr[BIT_WORD(nr)]);
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

/* Fully ordered; true if the bit was set before. */
static inline bool test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_rmw(&addr[BIT_WORD(nr)]);
	return __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST) &
	       BIT_MASK(nr);
}

static inline bool test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_rmw(&addr[BIT_WORD(nr)]);
	return __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST) &
	       BIT_MASK(nr);
}

#endif /* _KERNEL_BITOPS_H */
