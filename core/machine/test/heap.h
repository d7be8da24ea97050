/* SPDX-License-Identifier: GPL-2.0-only */
/* How many bytes of the heap are in use, for tests of growth. */
#ifndef MACHINE_TEST_HEAP_H
#define MACHINE_TEST_HEAP_H

#include <stddef.h>

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>

/* Freed memory in quarantine is not in use. */
static inline size_t heap_now(void)
{
	return __sanitizer_get_current_allocated_bytes();
}
#else
#include <malloc.h>

/* What malloc() caches of freed memory counts as in use: a few hundred bytes. */
static inline size_t heap_now(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}
#endif

#endif
