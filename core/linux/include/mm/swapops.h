/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/swapops.h>
#include <linux/leafops.h>
