// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes are a program, which round-trips and can be run, or an error with a place in the
 * text. What is tried: every litmus program and generated ones, as they are and scrambled.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <fuzz/run/exec.h>
#include <sim/sim.h>
#include "round_trip.h"

#define TEXTS_MAX 512
#define TEXT_MAX 16384

static struct text {
	char name[64];
	char *text;
	size_t len;
} texts[TEXTS_MAX];
static unsigned int nr_texts, nr_litmus;

static void text_add(const char *name, const char *text, size_t len)
{
	struct text *t = &texts[nr_texts++];

	assert_in_range(nr_texts, 1, TEXTS_MAX);
	assert_in_range(len, 1, TEXT_MAX);
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->text = malloc(len);
	memcpy(t->text, text, len);
	t->len = len;
}

static int texts_read(void **state)
{
	char buffer[TEXT_MAX + 1], name[64], *text;
	struct program prog;
	glob_t found;
	size_t len, i;
	FILE *f;
	u64 seed;

	/* tests are started at the top of the tree */
	if (glob("corpus/litmus/*.prog", 0, NULL, &found))
		return -1;
	for (i = 0; i < found.gl_pathc; i++) {
		f = fopen(found.gl_pathv[i], "r");
		len = fread(buffer, 1, sizeof(buffer), f);
		fclose(f);
		text_add(strrchr(found.gl_pathv[i], '/') + 1, buffer, len);
	}
	globfree(&found);
	nr_litmus = nr_texts;
	for (seed = 1; seed <= 64; seed++) {
		program_generate(&prog, seed);
		text = to_text(&prog, &len);
		snprintf(name, sizeof(name), "seed %lu", seed);
		text_add(name, text, len);
		free(text);
		program_destroy(&prog);
	}
	return 0;
}

static int texts_free(void **state)
{
	while (nr_texts)
		free(texts[--nr_texts].text);
	return 0;
}

/* In the text, or right behind its end or the end of one of its lines. */
static void check_position(const char *text, size_t len, const struct program_error *err)
{
	const char *end = text + len, *line = text, *newline;
	unsigned int i;

	assert_true(err->line && err->column && err->text[0]);
	for (i = 1; i < err->line; i++) {
		newline = memchr(line, '\n', end - line);
		assert_non_null(newline);
		line = newline + 1;
	}
	newline = memchr(line, '\n', end - line);
	assert_in_range(err->column, 1, (newline ? newline : end) - line + 1);
}

static void test_litmus_round_trip(void **state)
{
	struct program_error err;
	struct program prog;
	unsigned int i;

	assert_in_range(nr_litmus, 35, TEXTS_MAX);
	for (i = 0; i < nr_texts; i++) {
		if (program_parse(&prog, texts[i].text, texts[i].len, &err))
			fail_msg("%s:%u:%u: %s", texts[i].name, err.line, err.column, err.text);
		check_round_trip(&prog);
		assert_true(i >= nr_litmus || prog.has_expect);
		program_destroy(&prog);
	}
}

/* Every beginning of a text, and every text without one of its bytes. */
static void test_cut(void **state)
{
	const struct text *t = &texts[0];
	char buffer[TEXT_MAX];
	struct program_error err;
	struct program prog;
	size_t at;

	for (at = 0; at < t->len; at++) {
		if (program_parse(&prog, t->text, at, &err))
			check_position(t->text, at, &err);
		else
			program_destroy(&prog);
		memcpy(buffer, t->text, at);
		memcpy(buffer + at, t->text + at + 1, t->len - at - 1);
		if (program_parse(&prog, buffer, t->len - 1, &err))
			check_position(buffer, t->len - 1, &err);
		else
			program_destroy(&prog);
	}
}

/* Replaces, takes out, or doubles a few bytes. Return: the new length. */
static size_t scramble_once(char *text, size_t len, struct rng *rng)
{
	static const char alphabet[] = "\0\n\t\r {};#=,.->@ABm0127c()_\xff";
	size_t at = rng_below(rng, len), n = 1 + rng_below(rng, 8);

	if (n > len - at)
		n = len - at;
	switch (rng_below(rng, 4)) {
	case 0:
		text[at] = rng_next(rng);
		return len;
	case 1:
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	case 2:
		if (len + n > TEXT_MAX)
			return len;
		memmove(text + at + n, text + at, len - at);
		return len + n;
	default:
		text[at] = alphabet[rng_below(rng, sizeof(alphabet))];
		return len;
	}
}

static size_t scramble(char *text, const struct text *from, struct rng *rng)
{
	size_t len = from->len;
	unsigned int n;

	memcpy(text, from->text, len);
	for (n = 1 + rng_below(rng, 3); n && len > 8; n--)
		len = scramble_once(text, len, rng);
	return len;
}

static void test_scrambled(void **state)
{
	struct rng rng = { 7 };
	struct program_error err;
	struct program prog;
	unsigned int i, accepted = 0;
	char text[TEXT_MAX];
	size_t len;

	for (i = 0; i < 60000; i++) {
		len = scramble(text, &texts[i % nr_texts], &rng);
		if (program_parse(&prog, text, len, &err)) {
			check_position(text, len, &err);
			continue;
		}
		if (++accepted % 8 == 0)
			check_round_trip(&prog);
		program_destroy(&prog);
	}
	assert_in_range(accepted, 6000, 54000);
}

/* In a child, which a failed check ends. */
static void run_scrambled(void)
{
	struct rng rng = { 8 };
	struct program_error err;
	struct program prog;
	char text[TEXT_MAX];
	unsigned int i, nr = 0;
	size_t len;

	sim_set_strategy(&sim_strategy_default);
	for (i = 0; nr < 2000; i++) {
		len = scramble(text, &texts[i % nr_texts], &rng);
		if (program_parse(&prog, text, len, &err))
			continue;
		/* a stale choice is left out */
		sim_set_replay(prog.choices, prog.nr_choices);
		program_run(&prog);
		program_destroy(&prog);
		nr++;
	}
	_exit(0);
}

static void test_accepted_can_run(void **state)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		run_scrambled();
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

/* A megabyte of anything is no more than an error. */
static void test_long(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct program_error err;
	struct program prog;

	memset(text, 'x', len);
	assert_int_equal(program_parse(&prog, text, len, &err), -1);
	check_position(text, len, &err);
	memset(text, '9', len);
	memcpy(text, "program 1\nmachine cpus=", 23);
	assert_int_equal(program_parse(&prog, text, len, &err), -1);
	assert_int_equal(err.line, 2);
	check_position(text, len, &err);
	/* empty lines and comments are nothing */
	memset(text + 10, '\n', len - 10);
	assert_int_equal(program_parse(&prog, text, len, &err), 0);
	program_destroy(&prog);
	memset(text + 10, '#', len - 10);
	assert_int_equal(program_parse(&prog, text, len, &err), 0);
	program_destroy(&prog);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_litmus_round_trip),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_scrambled),
		cmocka_unit_test(test_accepted_can_run),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("bytes", tests, texts_read, texts_free);
}
