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
#define __ro_after_init
#define __initdata
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __cold
#define __hot
#define __pure __attribute__((pure))
#define noinline_for_stack noinline
#define __used __attribute__((used))
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define fallthrough __attribute__((fallthrough))
#define static_assert(expr, ...) _Static_assert(expr, "" #expr)
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define BITS_PER_BYTE 8
#define BITS_PER_TYPE(t) (sizeof(t) * BITS_PER_BYTE)
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define offsetofend(t, m) (offsetof(t, m) + sizeof_field(t, m))
#define typeof_member(t, m) __typeof__(((t *)0)->m)
#define container_of_const(p, t, m) \
	_Generic(p, const __typeof__(*(p)) *: (const t *)container_of(p, t, m), default: container_of(p, t, m))
#define __counted_by(member)
#define __counted_by_ptr(member)
#define struct_group(name, members...) union { struct { members }; struct { members } name; }
#define struct_group_attr(name, attributes, members...) struct_group(name, members)
#define type_max(T) ((T)~(T)0)
#define BUILD_BUG_ON(c) do { if (c) __builtin_trap(); } while (0)
#define BUILD_BUG() __builtin_trap()
#define WARN(cond, ...) __WARN_ON(cond, #cond)
#define WARN_ONCE(cond, ...) __WARN_ON(cond, #cond)
#define WARN_RATELIMIT(cond, ...) __WARN_ON(cond, #cond)
#define VM_WARN(cond, ...) __WARN_ON(cond, #cond)
#define VM_WARN_ONCE(cond, ...) __WARN_ON(cond, #cond)
#define VM_BUG_ON_PAGE(cond, page) __BUG_ON(cond, #cond)
#define VM_WARN_ON_IRQS_ENABLED() ((void)0)
#define DEBUG_LOCKS_WARN_ON(cond) __WARN_ON(cond, #cond)
#define BUG() harness_fail("BUG", CODE_SITE, "%s: BUG()", __func__)

#define U8_MAX ((u8)~0U)
#define S8_MAX ((s8)(U8_MAX >> 1))
#define U16_MAX ((u16)~0U)
#define S16_MAX ((s16)(U16_MAX >> 1))
#define U32_MAX (~0U)
#define S32_MAX ((int)(U32_MAX >> 1))
#define U64_MAX (~0UL)
#define S64_MAX ((long)(U64_MAX >> 1))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define PTR_ERR_OR_ZERO(p) (IS_ERR(p) ? PTR_ERR(p) : 0)
#define ERR_CAST(p) ((void *)(p))
#define memset64(p, value, n) memset_l(p, value, n)
#define memset_l(p, value, n) ({						\
	unsigned long *__words = (void *)(p), __nr = (n);			\
	while (__nr--)								\
		*__words++ = (value);						\
})
#define strscpy(to, from, size) ((void)snprintf(to, size, "%s", from))

#define memzero_explicit(p, n) memset(p, 0, n)
#define prefetch(p) __builtin_prefetch(p)
#define prefetchw(p) __builtin_prefetch(p, 1)
#define OPTIMIZER_HIDE_VAR(x) __asm__("" : "=r" (x) : "0" (x))
#define BUILD_BUG_ON_MSG(c, text) BUILD_BUG_ON(c)
#define BUILD_BUG_ON_ZERO(c) ((int)sizeof(struct { int : -!!(c); }))
#define compiletime_assert(c, text) BUILD_BUG_ON(!(c))
#define unreachable() __builtin_unreachable()
#define pr_devel pr_err

/* in constant expressions */
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
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
#define pr_notice pr_err
#define pr_alert pr_err
#define pr_crit pr_err
#define pr_cont pr_err
#define pr_err_once pr_err
#define pr_warn_once pr_err
#define pr_info_once pr_err
#define pr_notice_once pr_err
#define pr_err_ratelimited pr_err
#define pr_warn_ratelimited pr_err
#define pr_info_ratelimited pr_err
#define pr_alert_ratelimited pr_err
#define printk pr_err
#define printk_once pr_err
#define printk_ratelimited pr_err
#define trace_printk pr_err
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define dump_stack() ((void)0)
#define K(x) ((x) << (PAGE_SHIFT - 10))
#define swab32(x) __builtin_bswap32(x)
#define swab32s(p) (*(p) = swab32(*(p)))

/* values that an xarray could hold: shadows */
#define BITS_PER_XA_VALUE (BITS_PER_LONG - 1)
static inline void *xa_mk_value(unsigned long v) { return (void *)((v << 1) | 1); }
static inline unsigned long xa_to_value(const void *entry) { return (unsigned long)entry >> 1; }
static inline bool xa_is_value(const void *entry) { return (unsigned long)entry & 1; }

#endif /* _SHIM_COMPILER_H */
