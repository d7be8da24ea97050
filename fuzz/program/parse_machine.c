// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: the machine, its devices, planned failures. */
#include <string.h>

#include <kernel/bug.h>
#include "parse.h"

/* The one value that this build has. Return: false: said so. */
static bool fits(struct parser *p, unsigned int column, const char *key, unsigned long n,
		 unsigned long fixed)
{
	if (!geometry_fixed || n == fixed)
		return true;
	lex_fail(p, column, "this program needs %s=%lu, and this build is for %s=%lu only", key, n,
		 key, fixed);
	return false;
}

static const char *table_name(enum table_backend table)
{
	return table == TABLE_SLAB ? "slab" : "page";
}

/* Of "KEY=...", with its =; the whole word if there is none. */
static size_t key_len(const struct parser *p)
{
	const char *equals = memchr(p->word, '=', p->word_len);

	return equals ? (size_t)(equals + 1 - p->word) : p->word_len;
}

static const char *machine_key(unsigned int i)
{
	static const char *const keys[] = {
		"cpus=", "slots=", "table=", "count_bits=", "ptl=", "pages=", "spaces=", "folios=",
	};

	return i < ARRAY_SIZE(keys) ? keys[i] : NULL;
}

static const char *device_key(unsigned int i)
{
	static const char *const keys[] = {
		"prio=", "bad=", "short=", "ssd", "rotating", "discard", "discard_once", "discard_pages", "sync",
		"stable", "file", "fs", "off",
	};

	return i < ARRAY_SIZE(keys) ? keys[i] : NULL;
}

static const char *site_at(unsigned int i)
{
	return i < NR_ALLOC_SITES ? alloc_site_name(i) : NULL;
}

static bool parse_table(struct parser *p, unsigned int *seen)
{
	const char *value;
	size_t len;

	if (!lex_key(p, "table", &value, &len))
		return false;
	lex_once(p, "table", seen, 30);
	if (len == 4 && !memcmp(value, "slab", 4))
		p->prog->geometry.table = TABLE_SLAB;
	else if (len == 4 && !memcmp(value, "page", 4))
		p->prog->geometry.table = TABLE_PAGE;
	else
		lex_fail(p, p->word_column + strlen("table="), "expected page or slab, found '%.*s'",
			 (int)(len < SHOWN ? len : SHOWN), value);
	if (!p->failed && geometry_fixed && p->prog->geometry.table != geometry_fixed->table)
		lex_fail(p, p->word_column + strlen("table="), "this program needs table=%s, and "
			 "this build is for table=%s only", table_name(p->prog->geometry.table),
			 table_name(geometry_fixed->table));
	lex_next(p);
	return true;
}

bool parse_machine(struct parser *p)
{
	struct program *prog = p->prog;
	struct geometry *g = &prog->geometry;
	unsigned int seen = 0, column;
	unsigned long n;

	while (!p->failed && p->type == TOK_WORD) {
		column = p->word_column;
		if (lex_key_number(p, "cpus", &seen, 0, 1, 16, &n)) {
			g->nr_cpus = n;
		} else if (lex_key_number(p, "slots", &seen, 1, 8, 512, &n)) {
			if (n & (n - 1))
				return lex_fail(p, column + strlen("slots="),
						"expected slots, a power of two, found '%lu'", n);
			if (!fits(p, column + strlen("slots="), "slots", n,
				  geometry_fixed ? geometry_fixed->cluster_slots : 0))
				return false;
			g->cluster_slots = n;
			g->pmd_order = __builtin_ctzl(n);
		} else if (lex_key_number(p, "count_bits", &seen, 2, 2, 4, &n)) {
			if (!fits(p, column + strlen("count_bits="), "count_bits", n,
				  geometry_fixed ? geometry_fixed->count_bits : 0))
				return false;
			g->count_bits = n;
		} else if (lex_key_number(p, "ptl", &seen, 3, 0, 9, &n)) {
			g->ptl_shift = n;
		} else if (lex_key_number(p, "pages", &seen, 4, 1, WORLD_PAGES_MAX, &n)) {
			prog->pages = n;
		} else if (lex_key_number(p, "spaces", &seen, 5, 0, WORLD_SPACES_MAX, &n)) {
			prog->spaces = n;
		} else if (lex_key_number(p, "folios", &seen, 6, 1, WORLD_FOLIOS_MAX, &n)) {
			prog->folios = n;
		} else if (!parse_table(p, &seen)) {
			return lex_unknown(p, "cpus=, slots=, table=, count_bits=, ptl=, pages=, "
					   "spaces= or folios=", key_len(p), machine_key);
		}
	}
	return !p->failed && lex_end_of_line(p);
}

static bool parse_bad(struct parser *p, struct world_device *dev, unsigned int *seen)
{
	const char *value, *comma;
	unsigned long n;
	size_t len, part;

	if (!lex_key(p, "bad", &value, &len))
		return false;
	lex_once(p, "bad", seen, 31);
	for (;;) {
		comma = memchr(value, ',', len);
		part = comma ? (size_t)(comma - value) : len;
		if (!lex_number(p, value, part, "a bad slot", 1, dev->pages - 1, &n))
			return true;
		if (dev->nr_bad == WORLD_BAD_MAX ||
		    (dev->nr_bad && n <= dev->bad[dev->nr_bad - 1])) {
			lex_fail(p, p->word_column + (value - p->word),
				 "expected at most %d bad slots, ascending", WORLD_BAD_MAX);
			return true;
		}
		dev->bad[dev->nr_bad++] = n;
		if (!comma)
			break;
		value += part + 1;
		len -= part + 1;
	}
	lex_next(p);
	return true;
}

bool parse_device(struct parser *p)
{
	struct program *prog = p->prog;
	struct world_device *dev = &prog->devices[prog->nr_devices];
	unsigned int seen = 0;
	unsigned long n;
	char name[2] = { 'A' + prog->nr_devices };

	if (prog->nr_devices == WORLD_DEVICES_MAX)
		return lex_fail(p, p->word_column, "expected at most %d devices",
				WORLD_DEVICES_MAX);
	*dev = (struct world_device){ .prio = -1 };
	if (!lex_take(p, name))
		return lex_expected(p, prog->nr_devices ? "the next device's letter" : "device A");
	if (!lex_key_number(p, "pages", &seen, 0, 2, WORLD_DEVICE_PAGES_MAX, &n))
		return lex_expected(p, "pages=");
	if (p->failed)
		return false;
	dev->pages = n;
	while (!p->failed && p->type == TOK_WORD) {
		if (lex_key_number(p, "prio", &seen, 1, 0, 32767, &n))
			dev->prio = n;
		else if (lex_key_number(p, "short", &seen, 9, 1, WORLD_DEVICE_PAGES_MAX, &n))
			dev->short_by = n;
		else if (lex_flag(p, "ssd", &seen, 8))
			dev->rotating = false;
		else if (lex_flag(p, "rotating", &seen, 8))
			dev->rotating = true;
		else if (lex_flag(p, "discard", &seen, 2))
			dev->discard = dev->discard ? : WORLD_DISCARD;	/* "discard discard_once" is old */
		else if (lex_flag(p, "discard_once", &seen, 3))
			dev->discard = WORLD_DISCARD_ONCE;
		else if (lex_flag(p, "discard_pages", &seen, 3))
			dev->discard = WORLD_DISCARD_PAGES;
		else if (lex_flag(p, "sync", &seen, 4))
			dev->synchronous = true;
		else if (lex_flag(p, "stable", &seen, 5))
			dev->stable = true;
		else if (lex_flag(p, "file", &seen, 6))
			dev->file = true;
		else if (lex_flag(p, "fs", &seen, 10))
			dev->file = dev->fs = true;
		else if (lex_flag(p, "off", &seen, 7))
			dev->off = true;
		else if (!parse_bad(p, dev, &seen))
			return lex_unknown(p, "prio=, bad=, short=, ssd, rotating, discard, discard_once, "
					   "discard_pages, sync, stable, file, fs or off", key_len(p), device_key);
	}
	prog->nr_devices++;
	return !p->failed && lex_end_of_line(p);
}

/* Each site has one plan. */
static bool parse_site(struct parser *p, u8 *site)
{
	unsigned int i, seen = 0;

	for (i = 0; i < p->prog->nr_fails; i++)
		seen |= BIT(p->prog->fails[i].site);
	for (i = 0; i < NR_ALLOC_SITES; i++) {
		if (!lex_flag(p, alloc_site_name(i), &seen, i))
			continue;
		*site = i;
		return !p->failed;
	}
	return lex_unknown(p, "an allocation site, as table.atomic or io", p->word_len, site_at);
}

static bool parse_fail_range(struct parser *p, struct program_fail *fail)
{
	const char *dots = NULL, *what = "an attempt";
	unsigned long n;
	size_t i, left;

	if (p->type != TOK_WORD)
		return lex_expected(p, "N, N..M, N.. or every N");
	for (i = 0; i + 1 < p->word_len && !dots; i++)
		if (p->word[i] == '.' && p->word[i + 1] == '.')
			dots = p->word + i;
	if (!lex_number(p, p->word, dots ? (size_t)(dots - p->word) : p->word_len, what, 1,
			1000000000, &n))
		return false;
	fail->from = fail->to = n;
	if (dots) {
		fail->to = PROGRAM_FOREVER;
		left = p->word_len - (dots + 2 - p->word);
		if (left) {
			if (!lex_number(p, dots + 2, left, what, fail->from, 1000000000, &n))
				return false;
			fail->to = n;
		}
	}
	lex_next(p);
	return true;
}

bool parse_fail(struct parser *p)
{
	struct program *prog = p->prog;
	struct program_fail *fail;
	unsigned long n;

	_Static_assert(NR_ALLOC_SITES < PROGRAM_FAILS_MAX, "room for all sites and another one");
	do {
		fail = &prog->fails[prog->nr_fails];
		memset(fail, 0, sizeof(*fail));
		if (!parse_site(p, &fail->site))
			return false;
		if (lex_take(p, "every")) {
			if (!lex_prefixed(p, "", "a number", 1, 1000000000, &n))
				return false;
			fail->every = n;
		} else if (!parse_fail_range(p, fail)) {
			return false;
		}
		prog->nr_fails++;
	} while (p->type == TOK_SEMICOLON && (lex_next(p), true));
	return lex_end_of_line(p);
}
