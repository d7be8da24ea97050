/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiler, constants, printing, errors in pointers.
 *
 * More lenient than the kernel: BUILD_BUG_ON() is an assertion at run time, since some of the tree's
 * conditions are constant only with optimisation; nothing is printed.
 */
#ifndef _SHIM_COMPILER_H
#define _SHIM_COMPILER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <kernel/bug.h>
#include <kernel/err.h>

#ifndef __KERNEL__
#define __KERNEL__
#endif

typedef unsigned long pgoff_t;
typedef u64 sector_t;
typedef unsigned long phys_addr_t;
#include <linux/types.h>

#define __user
#define __weak __attribute__((weak))
#define __read_mostly
#define __meminit
#define __must_check
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define BITS_PER_BYTE 8
#define BITS_PER_TYPE(t) (sizeof(t) * BITS_PER_BYTE)
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define type_max(T) ((T)~(T)0)
#define BUILD_BUG_ON(c) do { if (c) __builtin_trap(); } while (0)
#define BUILD_BUG() __builtin_trap()
#define BUG() harness_fail("BUG", CODE_SITE, "%s: BUG()", __func__)

/* plain: the tree has them in constant expressions, too */
#undef min
#undef max
#undef min_t
#undef max_t
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))
#define ALIGN(x, a) round_up(x, a)
#define ALIGN_DOWN(x, a) round_down(x, a)

#define pr_err(fmt, ...) do { if (0) printf(fmt, ##__VA_ARGS__); } while (0)
#define pr_warn pr_err
#define pr_info tree_pr_info
void tree_pr_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#define pr_debug pr_err
#define pr_warn_once pr_err
#define pr_err_ratelimited pr_err
#define pr_alert_ratelimited pr_err
#define printk pr_err
#define K(x) ((x) << (PAGE_SHIFT - 10))
#define swab32(x) __builtin_bswap32(x)
#define swab32s(p) (*(p) = swab32(*(p)))

/* values that an xarray could hold: shadows */
#define BITS_PER_XA_VALUE (BITS_PER_LONG - 1)
static inline void *xa_mk_value(unsigned long v) { return (void *)((v << 1) | 1); }
static inline unsigned long xa_to_value(const void *entry) { return (unsigned long)entry >> 1; }
static inline bool xa_is_value(const void *entry) { return (unsigned long)entry & 1; }

#endif /* _SHIM_COMPILER_H */
