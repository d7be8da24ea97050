// SPDX-License-Identifier: GPL-2.0-only
/* What all programs share: numbers, texts from outside, near names, files that stay. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <util/cli.h>
#include <util/durable.h>
#include <util/suggest.h>
#include <util/text.h>

/* --- numbers ------------------------------------------------------------------------------ */

static void numbers_are_digits(void **state)
{
	static const char *const bad[] = {
		"", " ", "-1", "+1", " 1", "1 ", "01", "00", "1a", "0x", "0x1", "1.0", "1e3",
		"18446744073709551616", "99999999999999999999999", "1\n", "\xd9\xa1",
	};
	unsigned long n = 7;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(cli_parse_number(bad[i], 0, ULONG_MAX, false, &n));
		assert_int_equal(n, 7);
	}
	assert_true(cli_parse_number("0", 0, ULONG_MAX, false, &n) && n == 0);
	assert_true(cli_parse_number("18446744073709551615", 0, ULONG_MAX, false, &n) && n == ULONG_MAX);
	assert_true(cli_parse_number("8", 8, 8, false, &n) && n == 8);
	assert_false(cli_parse_number("7", 8, 8, false, &n));
	assert_false(cli_parse_number("9", 8, 8, false, &n));
	assert_true(cli_parse_number("0xfF", 0, 255, true, &n) && n == 255);
	assert_false(cli_parse_number("0x", 0, 255, true, &n));
	assert_false(cli_parse_number("0x100", 0, 255, true, &n));
	assert_false(cli_parse_number("0X1", 0, 255, true, &n));
}

/* --- texts -------------------------------------------------------------------------------- */

static void controls_are_escaped(void **state)
{
	char text[5000];

	assert_string_equal(text_shown("a b"), "a b");
	assert_string_equal(text_shown("\x1b[31m\x07\n"), "\\x1b[31m\\x07\\n");
	assert_string_equal(text_shown("\x7f\xff"), "\\x7f\\xff");
	assert_string_equal(text_shown("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
	/* CSI as one character of Unicode; an overlong newline; a surrogate */
	assert_string_equal(text_shown("\xc2\x9b"), "\\xc2\\x9b");
	assert_string_equal(text_shown("\xc0\x8a"), "\\xc0\\x8a");
	assert_string_equal(text_shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	assert_string_equal(text_shown_n("a\0b", 3), "a\\x00b");
	memset(text, 1, sizeof(text));
	text[sizeof(text) - 1] = 0;
	assert_true(strlen(text_shown(text)) <= TEXT_SHOWN_MAX + 3);
}

static void printed_is(void (*print)(FILE *out, const char *text), const char *text, const char *as)
{
	char *printed = NULL;
	size_t len;
	FILE *out = open_memstream(&printed, &len);

	assert_non_null(out);
	print(out, text);
	fclose(out);
	assert_string_equal(printed, as);
	free(printed);
}

static void json_strings_are_escaped(void **state)
{
	printed_is(text_print_json, "a\"b\\c", "\"a\\\"b\\\\c\"");
	printed_is(text_print_json, "\n\x1b\x01", "\"\\u000a\\u001b\\u0001\"");
	printed_is(text_print_json, "\xc3\xbc\xff", "\"\xc3\xbc\\ufffd\"");
}

static void words_for_a_shell_are_quoted(void **state)
{
	printed_is(text_print_shell, "out/findings/A-1.prog", "out/findings/A-1.prog");
	printed_is(text_print_shell, "a b", "'a b'");
	printed_is(text_print_shell, "", "''");
	printed_is(text_print_shell, "it's", "'it'\\''s'");
	printed_is(text_print_shell, "$(reboot)", "'$(reboot)'");
	printed_is(text_print_shell, "a\n'", "$'a\\x0a\\''");
}

/* --- near names --------------------------------------------------------------------------- */

static const char *const names[] = {
	"reclaim", "reclaim_folio", "readahead", "", "read", "map", "zap", "lock(ci)", NULL,
};

static const char *name_at(unsigned int i)
{
	return names[i];
}

static void near_is(const char *word, const char *what)
{
	char text[SUGGEST_TEXT];

	assert_string_equal(suggest(text, sizeof(text), word, strlen(word), name_at), what);
}

static void near_names_are_listed(void **state)
{
	char text[8], word[300];

	near_is("recliam", "; near: reclaim");
	near_is("reclaims", "; near: reclaim");
	near_is("reclaim_foli", "; near: reclaim_folio, reclaim");
	near_is("mpa", "; near: map");
	near_is("zmap", "; near: map, zap");
	near_is("lock(cj)", "; near: lock(ci)");
	near_is("rea", "; near: read, readahead");
	near_is("xyzzy", "");
	near_is("", "");
	memset(word, 'r', sizeof(word) - 1);
	word[sizeof(word) - 1] = 0;
	near_is(word, "");
	/* what does not fit is cut */
	suggest(text, sizeof(text), "recliam", 7, name_at);
	assert_true(strlen(text) < sizeof(text));
}

/* --- files that stay ---------------------------------------------------------------------- */

static char dir[] = "/tmp/util_test.XXXXXX";

static const char *in_dir(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;

	next = (next + 1) % 4;
	snprintf(paths[next], PATH_MAX, "%s/%s", dir, name);
	return paths[next];
}

static void content_is(const char *path, const char *text)
{
	char read[256] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(read, 1, sizeof(read) - 1, file), strlen(text));
	fclose(file);
	assert_string_equal(read, text);
}

static unsigned int files_in_dir(void)
{
	char command[PATH_MAX + 64];
	unsigned int n = 99;
	FILE *out;

	snprintf(command, sizeof(command), "find %s -mindepth 1 | wc -l", dir);
	out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%u", &n), 1);
	pclose(out);
	return n;
}

static int make_dir(void **state)
{
	strcpy(strrchr(dir, '.'), ".XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void a_file_is_whole_or_not_there(void **state)
{
	assert_int_equal(durable_write(in_dir("a"), "one\n", 4), 0);
	assert_int_equal(durable_write(in_dir("a"), "two\n", 4), 0);
	content_is(in_dir("a"), "two\n");
	assert_int_equal(durable_create(in_dir("a"), "three\n", 6), -EEXIST);
	content_is(in_dir("a"), "two\n");
	assert_int_equal(durable_create(in_dir("b"), "", 0), 0);
	content_is(in_dir("b"), "");
	assert_int_equal(durable_write(in_dir("none/c"), "x", 1), -ENOENT);
	assert_int_equal(files_in_dir(), 2);
}

static void what_is_kept_replaces_nothing(void **state)
{
	char path[PATH_MAX];

	assert_int_equal(durable_keep(path, sizeof(path), in_dir("a"), "prog", "one", 3), 0);
	assert_string_equal(path, in_dir("a.prog"));
	assert_int_equal(durable_keep(path, sizeof(path), in_dir("a"), "prog", "one", 3), 0);
	assert_string_equal(path, in_dir("a.prog"));
	assert_int_equal(durable_keep(path, sizeof(path), in_dir("a"), "prog", "two", 3), 0);
	assert_string_equal(path, in_dir("a-2.prog"));
	assert_int_equal(mkdir(in_dir("b"), 0755), 0);
	assert_int_equal(durable_keep(path, sizeof(path), in_dir("b"), "", "one", 3), 0);
	assert_string_equal(path, in_dir("b-2"));
	assert_int_equal(durable_keep(path, 8, in_dir("c"), "", "one", 3), -ENAMETOOLONG);
	content_is(in_dir("a.prog"), "one");
	content_is(in_dir("a-2.prog"), "two");
	assert_int_equal(files_in_dir(), 4);
}

static void only_a_regular_file_is_replaced(void **state)
{
	struct stat st;

	assert_int_equal(durable_write(in_dir("file"), "x", 1), 0);
	assert_int_equal(mkdir(in_dir("dir"), 0755), 0);
	assert_int_equal(mkfifo(in_dir("fifo"), 0644), 0);
	assert_int_equal(symlink("file", in_dir("link")), 0);
	assert_int_equal(symlink("nowhere", in_dir("dangling")), 0);
	assert_null(durable_check(in_dir("file")));
	assert_null(durable_check(in_dir("new")));
	assert_string_equal(durable_check(in_dir("dir")), "is a directory");
	assert_string_equal(durable_check(in_dir("fifo")), "is a FIFO, not a regular file");
	assert_string_equal(durable_check(in_dir("link")),
			    "is a symbolic link: name the file itself");
	assert_non_null(durable_check(in_dir("dangling")));
	assert_string_equal(durable_check("/dev/full"), "is a device, not a regular file");
	assert_non_null(durable_check(""));
	assert_non_null(durable_check(in_dir("new/")));
	assert_non_null(durable_check(in_dir("none/new")));
	assert_non_null(durable_check(in_dir("file/new")));
	assert_int_equal(durable_write(in_dir("dir"), "x", 1), -EEXIST);
	assert_int_equal(durable_write(in_dir("fifo"), "x", 1), -EEXIST);
	assert_int_equal(durable_write(in_dir("link"), "x", 1), -EEXIST);
	assert_int_equal(durable_create(in_dir("dangling"), "x", 1), -EEXIST);
	assert_int_equal(durable_write("/dev/full", "x", 1), -EEXIST);
	assert_true(!lstat("/dev/full", &st) && S_ISCHR(st.st_mode));
	content_is(in_dir("file"), "x");
	assert_int_equal(files_in_dir(), 5);
}

/* A limit of the size of files stands for a full disk: the same path, without a disk to fill. */
static void a_full_disk_leaves_nothing_behind(void **state)
{
	struct rlimit old, limit;
	static char big[8192];

	assert_int_equal(durable_write(in_dir("a"), "old", 3), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 4096;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(durable_write(in_dir("a"), big, sizeof(big)), -EFBIG);
	assert_int_equal(durable_create(in_dir("b"), big, sizeof(big)), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	content_is(in_dir("a"), "old");
	assert_int_equal(files_in_dir(), 1);
}

static void directories_are_made(void **state)
{
	assert_int_equal(durable_directory(in_dir("x/y/z")), 0);
	assert_int_equal(durable_directory(in_dir("x/y/z")), 0);
	assert_int_equal(durable_directory(in_dir("x/y/w/")), 0);
	assert_int_equal(durable_directory("/"), 0);
	assert_int_equal(durable_write(in_dir("f"), "", 0), 0);
	assert_int_equal(durable_directory(in_dir("f")), -ENOTDIR);
	assert_int_equal(durable_directory(in_dir("f/g")), -ENOTDIR);
	assert_int_equal(durable_directory(""), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits),
		cmocka_unit_test(controls_are_escaped),
		cmocka_unit_test(json_strings_are_escaped),
		cmocka_unit_test(words_for_a_shell_are_quoted),
		cmocka_unit_test(near_names_are_listed),
		cmocka_unit_test_setup_teardown(a_file_is_whole_or_not_there, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(what_is_kept_replaces_nothing, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(only_a_regular_file_is_replaced, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(a_full_disk_leaves_nothing_behind, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(directories_are_made, make_dir, remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
