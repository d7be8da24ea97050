/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test needs of its variant. Include it after cmocka.h.
 */
#ifndef MACHINE_TEST_NEEDS_H
#define MACHINE_TEST_NEEDS_H

#if __has_feature(thread_sanitizer)
#define HAVE_TSAN 1
#else
#define HAVE_TSAN 0
#endif
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#else
#define HAVE_ASAN 0
#endif

/**
 * test_needs() - skip this test in a variant that cannot run it
 * @have: whether the variant has what the test needs
 * @what: what that is; scripts/test repeats it before its closing line
 *
 * Context: a cmocka test. Does not return if @have is 0.
 */
#define test_needs(have, what)						\
	do {								\
		if (!(have)) {						\
			print_message("# skip: needs %s\n", what);	\
			skip();						\
		}							\
	} while (0)

#endif
