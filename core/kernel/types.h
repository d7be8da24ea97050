/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's basic types and helper macros, as far as core/swap and core/mm use them.
 */
#ifndef _KERNEL_TYPES_H
#define _KERNEL_TYPES_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef unsigned long pgoff_t;
typedef u64 sector_t;

#define BITS_PER_LONG 64
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define SECTOR_SHIFT 9
#define BIT(n) (1UL << (n))

#define __rcu
#define __percpu
#define __init
#define __always_unused __attribute__((unused))
#define __maybe_unused __attribute__((unused))
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define __noreturn __attribute__((noreturn))
#define noinline __attribute__((__noinline__))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* "file:line", kept by the machines for reports */
#define CODE_SITE __FILE__ ":" __stringify(__LINE__)

#define container_of(ptr, type, member) \
	((type *)((char *)(1 ? (ptr) : &((type *)0)->member) - offsetof(type, member)))

/* each argument once, and in the type that both have in common */
#define __careful_cmp(a, op, b) ({ __auto_type __x = (a); __auto_type __y = (b); __x op __y ? __x : __y; })
#define min(a, b) __careful_cmp(a, <, b)
#define max(a, b) __careful_cmp(a, >, b)
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define swap(a, b) do { __auto_type __tmp = (a); (a) = (b); (b) = __tmp; } while (0)

#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
/* y must be a power of two */
#define round_down(x, y) ((x) & ~((__typeof__(x))((y) - 1)))
#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))((y) - 1))) + 1)
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)

/* clang's -Wthread-safety; see core/README.md for what it can and cannot see */
#define __capability(name) __attribute__((capability(name)))
#define __acquires(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define __releases(...) __attribute__((release_capability(__VA_ARGS__)))
#define __must_hold(...) __attribute__((requires_capability(__VA_ARGS__)))
#define __cond_acquires(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define __assumes_held(...) __attribute__((assert_capability(__VA_ARGS__)))
#define __no_context_analysis __attribute__((no_thread_safety_analysis))

/*
 * Code that must be invisible to the sanitizers: ghost state, traces. Stronger than
 * no_sanitize("thread"), which still instruments atomics and would create false order.
 */
#define __no_instrument __attribute__((disable_sanitizer_instrumentation, __noinline__))

#endif /* _KERNEL_TYPES_H */
