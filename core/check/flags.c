// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's flags: in the kernel a plain word, in which each task that sets a flag reads and writes all of
 * them. Those of an enabled device change under swap_lock.
 *
 * Built without instrumentation.
 */
#include "ghost.h"

#ifdef CHECK_ON

/* INV-G19. What was changed since the last holder let go was changed without the lock. */
void check_swap_lock(const void *lock, bool acquired)
{
	struct ghost_device *dev;
	unsigned long flags;
	unsigned int type;

	(void)lock;
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (!dev)
			continue;
		flags = RAW(dev->si->flags);
		if (!acquired)
			dev->flags = flags;
		else if (dev->flags & SWP_WRITEOK && flags != dev->flags)
			CHECK_FAIL("INV-G19", OBJ_DEVICE " has the flags %lx; when swap_lock was last released, it "
				   "had %lx", type, flags, dev->flags);
	}
}

#endif /* CHECK_ON */
