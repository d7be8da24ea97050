/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration of the tree: what Debian's kernels for servers have, as far as it is modelled. */
#define CONFIG_MMU 1
#define CONFIG_SMP 1
#define CONFIG_PROC_FS 1
#define CONFIG_SWAP 1
#define CONFIG_THP_SWAP 1
#define CONFIG_TRANSPARENT_HUGEPAGE 1
#define CONFIG_MEMCG 1
#define CONFIG_BLK_CGROUP 1
#define CONFIG_HIBERNATION 1
#define CONFIG_MIGRATION 1
#define CONFIG_DEBUG_VM 1
