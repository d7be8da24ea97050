/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits, powers of two, arithmetic with bounds: what the tree's files do not use, but a patch to them may.
 * A search reads words that others may be changing, as test_bit() does.
 */
#ifndef _SHIM_BITS_H
#define _SHIM_BITS_H

#include <kernel/bitops.h>

/* --- words ---------------------------------------------------------------------------------- */

#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)
#define fls_long(x) fls64(x)
#define fls(x) ((x) ? 32 - __builtin_clz(x) : 0)
#define __fls(x) (63UL - __builtin_clzl(x))
#define __ffs(x) ((unsigned long)__builtin_ctzl(x))
#define ffz(x) __ffs(~(unsigned long)(x))
#define ilog2(x) (fls64((u64)(x)) - 1)
#define is_power_of_2(x) ((x) != 0 && ((x) & ((x) - 1)) == 0)
#define rounddown_pow_of_two(x) (1UL << ilog2(x))
#define roundup_pow_of_two(x) ((x) < 2 ? 1UL : 1UL << fls64((u64)(x) - 1))
#define order_base_2(x) ((x) < 2 ? 0 : fls64((u64)(x) - 1))
#define get_order(size) order_base_2(DIV_ROUND_UP((unsigned long)(size), PAGE_SIZE))
#define hweight_long(x) ((unsigned long)__builtin_popcountl(x))
#define hweight64(x) hweight_long(x)
#define hweight32(x) ((unsigned int)__builtin_popcount(x))
#define hweight16(x) hweight32((u16)(x))
#define hweight8(x) hweight32((u8)(x))

#define BIT_ULL(n) (1ULL << (n))
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) GENMASK(high, low)
#define FIELD_GET(mask, word) ((__typeof__(mask))(((word) & (mask)) >> __builtin_ctzl(mask)))
#define FIELD_PREP(mask, value) (((__typeof__(mask))(value) << __builtin_ctzl(mask)) & (mask))
#define FIELD_MAX(mask) FIELD_GET(mask, mask)

/* --- bits of a word that no other task changes: what one changes in between is lost ------------ */

#define __change_word(nr, addr, op) do {					\
	unsigned long *__word = &(addr)[BIT_WORD(nr)], __was;			\
	machine_point(POINT_ATOMIC_READ, __word);				\
	__was = *__word;							\
	machine_point(POINT_ATOMIC_WRITE, __word);				\
	*__word = __was op;							\
} while (0)

static inline void __set_bit(unsigned long nr, unsigned long *addr)
{
	__change_word(nr, addr, | BIT_MASK(nr));
}

static inline void __clear_bit(unsigned long nr, unsigned long *addr)
{
	__change_word(nr, addr, & ~BIT_MASK(nr));
}

static inline void __change_bit(unsigned long nr, unsigned long *addr)
{
	__change_word(nr, addr, ^ BIT_MASK(nr));
}

static inline void __assign_bit(unsigned long nr, unsigned long *addr, bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

static inline bool __test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	bool was = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, addr);
	return was;
}

static inline bool __test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	bool was = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, addr);
	return was;
}

/* Stronger than the kernel's, which acquires. */
#define test_and_set_bit_lock(nr, addr) test_and_set_bit(nr, addr)

static inline void clear_bit_unlock(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_store_release(&addr[BIT_WORD(nr)]);
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

static inline void change_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_store(&addr[BIT_WORD(nr)]);
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline bool test_and_change_bit(unsigned long nr, unsigned long *addr)
{
	machine_point(POINT_ATOMIC_RMW, addr);
	machine_rmw(&addr[BIT_WORD(nr)]);
	return __atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

#define __clear_bit_unlock(nr, addr) clear_bit_unlock(nr, addr)
#define assign_bit(nr, addr, value) ((value) ? set_bit(nr, addr) : clear_bit(nr, addr))

/* --- bitmaps ---------------------------------------------------------------------------------- */

#undef DECLARE_BITMAP
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

/* The first bit from @from on that is @value. Return: @size if there is none. */
static inline unsigned long __bits_find(const unsigned long *addr, unsigned long size, unsigned long from, bool value)
{
	unsigned long word, at;

	while (from < size) {
		word = READ_ONCE(addr[BIT_WORD(from)]);
		word = (value ? word : ~word) >> from % BITS_PER_LONG;
		if (word) {
			at = from + __ffs(word);
			return at < size ? at : size;
		}
		from = round_down(from, (unsigned long)BITS_PER_LONG) + BITS_PER_LONG;
	}
	return size;
}

#define find_next_bit(addr, size, from) __bits_find(addr, size, from, true)
#define find_next_zero_bit(addr, size, from) __bits_find(addr, size, from, false)
#define find_first_bit(addr, size) find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size) find_next_zero_bit(addr, size, 0)
#define for_each_set_bit(bit, addr, size)					\
	for ((bit) = find_first_bit(addr, size); (bit) < (size); (bit) = find_next_bit(addr, size, (bit) + 1))
#define for_each_clear_bit(bit, addr, size)					\
	for ((bit) = find_first_zero_bit(addr, size); (bit) < (size);		\
	     (bit) = find_next_zero_bit(addr, size, (bit) + 1))

static inline unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long bit = size;

	while (bit--)
		if (test_bit(bit, addr))
			return bit;
	return size;
}

static inline void __bitmap_assign(unsigned long *map, unsigned long start, unsigned long nr, bool value)
{
	while (nr--)
		__assign_bit(start++, map, value);
}

#define bitmap_set(map, start, nr) __bitmap_assign(map, start, nr, true)
#define bitmap_clear(map, start, nr) __bitmap_assign(map, start, nr, false)
#define bitmap_zero(map, nr) __bitmap_assign(map, 0, nr, false)
#define bitmap_fill(map, nr) __bitmap_assign(map, 0, nr, true)
#define bitmap_empty(map, nr) (find_first_bit(map, nr) == (nr))
#define bitmap_full(map, nr) (find_first_zero_bit(map, nr) == (nr))

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned long nr)
{
	unsigned int weight = 0;
	unsigned long bit;

	for_each_set_bit(bit, map, nr)
		weight++;
	return weight;
}

/* Return: where the first @nr clear bits are, aligned by @align_mask; behind @size if there are none. */
static inline unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
						       unsigned long start, unsigned int nr, unsigned long align_mask)
{
	unsigned long at = start, end;

	for (;;) {
		at = find_next_zero_bit(map, size, at);
		at = (at + align_mask) & ~align_mask;
		if (at + nr > size)
			return at + nr;
		end = find_next_bit(map, at + nr, at);
		if (end == at + nr)
			return at;
		at = end + 1;
	}
}

/* Of two maps, word by word: what is behind @nr in the last word is as undefined as the kernel's. */
#define __BITMAP_OP(name, expr)								\
static inline bool name(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int nr) \
{											\
	unsigned int word, words = BITS_TO_LONGS(nr);					\
											\
	for (word = 0; word < words; word++)						\
		to[word] = (expr);							\
	return !bitmap_empty(to, nr);							\
}
__BITMAP_OP(bitmap_and, a[word] & b[word])
__BITMAP_OP(bitmap_or, a[word] | b[word])
__BITMAP_OP(bitmap_xor, a[word] ^ b[word])
__BITMAP_OP(bitmap_andnot, a[word] & ~b[word])
__BITMAP_OP(__bitmap_copy, b[word])
__BITMAP_OP(__bitmap_complement, ~b[word])
#define bitmap_copy(to, from, nr) ((void)__bitmap_copy(to, NULL, from, nr))
#define bitmap_complement(to, from, nr) ((void)__bitmap_complement(to, NULL, from, nr))

/* Is no bit of the first @nr in @expr, which is of two words? */
#define __BITMAP_TEST(name, expr)							\
static inline bool name(const unsigned long *a, const unsigned long *b, unsigned int nr) \
{											\
	unsigned int bit, word;								\
											\
	for (bit = 0; bit < nr; bit++) {						\
		word = BIT_WORD(bit);							\
		if ((expr) & BIT_MASK(bit))						\
			return false;							\
	}										\
	return true;									\
}
__BITMAP_TEST(bitmap_equal, a[word] ^ b[word])
__BITMAP_TEST(bitmap_subset, a[word] & ~b[word])
__BITMAP_TEST(__bitmap_disjoint, a[word] & b[word])
#define bitmap_intersects(a, b, nr) (!__bitmap_disjoint(a, b, nr))

#define bitmap_zalloc(bits, gfp) ((unsigned long *)kzalloc(BITS_TO_LONGS(bits) * sizeof(long), gfp))
#define bitmap_alloc(bits, gfp) ((unsigned long *)kmalloc(BITS_TO_LONGS(bits) * sizeof(long), gfp))
#define bitmap_free(map) kfree(map)

/* --- arithmetic ------------------------------------------------------------------------------- */

#define clamp_t(type, x, low, high) ({						\
	type __x = (x), __low = (low), __high = (high);				\
	__x < __low ? __low : __x > __high ? __high : __x;			\
})
#define clamp(x, low, high) clamp_t(__typeof__((x) + 0), x, low, high)
#define clamp_val(x, low, high) clamp_t(__typeof__(x), x, low, high)
#define umin(a, b) ({ u64 __ua = (a), __ub = (b); __ua < __ub ? __ua : __ub; })
#define umax(a, b) ({ u64 __ua = (a), __ub = (b); __ua > __ub ? __ua : __ub; })
#define min_not_zero(a, b) ({							\
	__typeof__((a) + 0) __na = (a), __nb = (b);				\
	!__na ? __nb : !__nb ? __na : __na < __nb ? __na : __nb;		\
})
#define in_range(value, start, nr) ((u64)(value) - (start) < (u64)(nr))
#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define mult_frac(x, n, d) ((x) / (d) * (n) + (x) % (d) * (n) / (d))
#define div_u64(n, d) ((u64)(n) / (d))
#define div64_u64(n, d) div_u64(n, d)
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((u64)(n), d)
#define do_div(n, d) ({ u32 __rest = (n) % (d); (n) /= (d); __rest; })
#define check_add_overflow(a, b, sum) __builtin_add_overflow(a, b, sum)
#define check_sub_overflow(a, b, difference) __builtin_sub_overflow(a, b, difference)
#define check_mul_overflow(a, b, product) __builtin_mul_overflow(a, b, product)

/* Return: SIZE_MAX if it is too much. */
static inline size_t size_add(size_t a, size_t b)
{
	size_t sum;

	return check_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static inline size_t size_mul(size_t a, size_t b)
{
	size_t product;

	return check_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

#define array_size(a, b) size_mul(a, b)
#define flex_array_size(p, member, nr) size_mul(nr, sizeof(*(p)->member))
#define struct_size(p, member, nr) size_add(sizeof(*(p)), flex_array_size(p, member, nr))
#define hash_64(value, bits) ((u32)((u64)(value) * 0x61C8864680B583EBULL >> (64 - (bits))))
#define hash_long(value, bits) hash_64(value, bits)
#define hash_32(value, bits) ((u32)(value) * 0x61C88647U >> (32 - (bits)))

#endif /* _SHIM_BITS_H */
