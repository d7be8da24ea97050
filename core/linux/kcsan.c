// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells TSan which members of the tree race by design: kcsan.def. Built without instrumentation.
 */
#include <swap/swap.h>
#include "hooks.h"

#ifdef NATIVE_TSAN
/* TSan's: @size bytes at @mem, for as long as the process lives */
void AnnotateBenignRaceSized(const char *file, int line, const volatile void *mem,
			     unsigned long size, const char *why);
#define BENIGN(where, why) \
	AnnotateBenignRaceSized(__FILE__, __LINE__, &(where), sizeof(where), why)
#else
#define BENIGN(where, why) ((void)(where))
#endif

void tree_kcsan_device(struct swap_info_struct *si)
{
#define RACY_FIELD(type, member, why) BENIGN(((type *)si)->member, why);
#define RACY_POINTER(name, why) if (tree_##name) BENIGN(*tree_##name, why);
#define RACY_READER(prototype, why)	/* shim/tree.h */
#include "kcsan.def"
#undef RACY_FIELD
#undef RACY_POINTER
#undef RACY_READER
}
