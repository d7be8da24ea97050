// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's cluster lists against the ghost's idea of them. Valid under si->lock,
 * under which both change.
 *
 * Built without instrumentation.
 */
#include "ghost.h"

#ifdef CHECK_ON

#define SMALL_DEVICE 16
#define FULL_CHECK_EVERY 64

/* Return: the number of clusters on the list. */
static unsigned int check_list(struct ghost_device *dev, const struct list_head *head,
			       unsigned int flags, unsigned int order)
{
	bool ordered = flags == CLUSTER_FLAG_NONFULL || flags == CLUSTER_FLAG_FRAG;
	const struct swap_cluster_info *ci;
	const struct list_head *node;
	struct ghost_cluster *gc;
	unsigned int nr = 0;

	for (node = head->next; node != head; node = node->next) {
		ci = list_entry(node, struct swap_cluster_info, list);
		if (ci < dev->begin || ci >= dev->end) {
			CHECK_FAIL("INV-L1", OBJ_DEVICE ": list %s[%u] has a node of another device",
				   dev->si->type, cluster_flag_name(flags), order);
			break;
		}
		gc = ghost_cluster(dev, ci);
		if (gc->list != flags)
			CHECK_FAIL("INV-L1", "found on list %s[%u]: " CI_FMT, cluster_flag_name(flags),
				   order, CI_ARGS(dev, ci, gc));
		if (ordered && gc->list_order != order)
			CHECK_FAIL("INV-L2", "found on list %s[%u]: " CI_FMT, cluster_flag_name(flags),
				   order, CI_ARGS(dev, ci, gc));
		if (++nr > dev->nr_clusters) {
			CHECK_FAIL("INV-L1", OBJ_DEVICE ": list %s[%u] is a cycle", dev->si->type,
				   cluster_flag_name(flags), order);
			break;
		}
	}
	return nr;
}

void check_device_lists(struct ghost_device *dev)
{
	const struct swap_info_struct *si = dev->si;
	unsigned int order, i, nr, listed = 0;

	nr = check_list(dev, &si->free_clusters, CLUSTER_FLAG_FREE, 0);
	nr += check_list(dev, &si->full_clusters, CLUSTER_FLAG_FULL, 0);
	nr += check_list(dev, &si->discard_clusters, CLUSTER_FLAG_DISCARD, 0);
	for (order = 0; order < SWAP_NR_ORDERS; order++) {
		nr += check_list(dev, &si->nonfull_clusters[order], CLUSTER_FLAG_NONFULL, order);
		nr += check_list(dev, &si->frag_clusters[order], CLUSTER_FLAG_FRAG, order);
	}
	for (i = 0; i < dev->nr_clusters; i++)
		listed += dev->clusters[i].list != CLUSTER_FLAG_NONE;
	if (nr != listed)
		CHECK_FAIL("INV-L1", OBJ_DEVICE ": %u clusters on lists, %u put there", si->type, nr,
			   listed);
}

/* At release only: in between a cluster may be unlinked and not announced yet. */
void check_info_lock(const void *lock, bool acquired)
{
	const struct swap_info_struct *si = container_of(lock, struct swap_info_struct, lock);
	struct ghost_device *dev;

	if (acquired)
		return;
	dev = ghost_device(si);
	if (!dev)
		return;
	if (check_exact || dev->nr_clusters <= SMALL_DEVICE ||
	    dev->releases++ % FULL_CHECK_EVERY == 0)
		check_device_lists(dev);
}

#endif /* CHECK_ON */
