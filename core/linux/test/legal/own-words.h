/* SPDX-License-Identifier: GPL-2.0-only */
/* For own-words.cocci: what a patch may bring along that the tree's files do not use. */
static DEFINE_SPINLOCK(own_lock);
static DEFINE_MUTEX(own_mutex);
static DECLARE_BITMAP(own_types, MAX_SWAPFILES);
static refcount_t own_refs = REFCOUNT_INIT(1);
static atomic_long_t own_bits;

/* Under own_mutex, above swapon_mutex in one place and below it in another. */
static void own_type(unsigned int type, bool on)
{
	struct completion own_done;
	unsigned int bit, nr = 0;

	guard(mutex)(&own_mutex);
	WARN_ONCE(test_bit(type, own_types) == on, "device %u\n", type);
	assign_bit(type, own_types, on);
	atomic_long_or(BIT(type), &own_bits);
	init_completion(&own_done);
	complete(&own_done);
	wait_for_completion(&own_done);
	for_each_set_bit(bit, own_types, MAX_SWAPFILES)
		nr++;
	WARN_ON(nr != bitmap_weight(own_types, MAX_SWAPFILES));
}

/* Around swap_avail_lock, and within it: own_lock is in no order. */
static void own_around(spinlock_t *lock)
{
	unsigned long flags;

	spin_lock_irqsave(&own_lock, flags);
	spin_unlock_irqrestore(&own_lock, flags);
	refcount_inc(&own_refs);
	scoped_guard(spinlock, &own_lock) {
		guard(spinlock)(lock);
		lockdep_assert_held(&own_lock);
	}
	WARN_ON(refcount_dec_and_test(&own_refs));
}

static void own_within(void)
{
	guard(rcu)();
	if (!spin_trylock(&own_lock))
		return;
	barrier();
	spin_unlock(&own_lock);
}
