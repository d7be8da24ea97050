// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// As posted in October 2025: a slot for the hibernation image is subtracted from nr_swap_pages by
// the allocator, and once more here.
@@
expression entry, si, offset;
@@
 swap_alloc_hibernation_slot(...)
 {
 <...
 	if (offset)
+	{
+		atomic_long_dec(&nr_swap_pages);
 		entry = swp_entry(si->type, offset);
+	}
 ...>
 }
