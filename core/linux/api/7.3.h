/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux 7.3: I/O contexts (struct swap_io_ctx), page-cluster in swap_state.c. */
