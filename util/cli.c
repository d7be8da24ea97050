// SPDX-License-Identifier: GPL-2.0-only
/* What the command lines of all programs share. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "durable.h"
#include "suggest.h"
#include "text.h"

bool cli_parse_number(const char *arg, unsigned long min, unsigned long max, bool hex,
		      unsigned long *value)
{
	bool is_hex = hex && arg[0] == '0' && arg[1] == 'x';
	const char *digits = is_hex ? arg + 2 : arg;
	size_t len = strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789");
	unsigned long n;

	if (!len || digits[len] || (!is_hex && len > 1 && *digits == '0'))
		return false;
	errno = 0;
	n = strtoul(digits, NULL, is_hex ? 16 : 10);
	if (errno || n < min || n > max)
		return false;
	*value = n;
	return true;
}

static unsigned long number(struct argp_state *state, const char *what, const char *arg,
			    unsigned long min, unsigned long max, bool hex)
{
	unsigned long n = min;

	if (!cli_parse_number(arg, min, max, hex, &n))
		argp_error(state, "--%s: a number from %lu to %lu is expected%s, not '%s'", what,
			   min, max, hex ? ", decimal or 0x and hexadecimal" : "", text_shown(arg));
	return n;
}

unsigned long cli_number(struct argp_state *state, const char *what, const char *arg,
			 unsigned long min, unsigned long max)
{
	return number(state, what, arg, min, max, false);
}

unsigned long cli_seed(struct argp_state *state, const char *what, const char *arg,
		       unsigned long min, unsigned long max)
{
	return number(state, what, arg, min, max, true);
}

double cli_seconds(struct argp_state *state, const char *what, const char *arg)
{
	size_t whole = strspn(arg, "0123456789"), fraction = 0;
	double n = 0;
	bool good = whole && !(whole > 1 && *arg == '0');

	if (arg[whole] == '.') {
		fraction = strspn(arg + whole + 1, "0123456789");
		good &= fraction > 0;
		fraction++;
	}
	if (good && !arg[whole + fraction])
		n = strtod(arg, NULL);
	if (!(n > 0) || n > CLI_SECONDS_MAX)
		argp_error(state, "--%s: a number of seconds above 0, at most %.0f, is expected, "
			   "not '%s'", what, CLI_SECONDS_MAX, text_shown(arg));
	return n;
}

void cli_output(struct argp_state *state, const char *what, const char *path)
{
	const char *why = durable_check(path);

	if (why)
		argp_failure(state, 2, 0, "%s: '%s': %s", what, text_shown(path), why);
}

void cli_verdict(struct argp_state *state, const char *what, const char *path)
{
	cli_output(state, what, path);
	if (unlink(path) && errno != ENOENT)
		argp_failure(state, 2, errno, "%s: '%s'", what, text_shown(path));
}

int cli_bad_usage = 2;

/* getopt() would print the name of an unknown option as it is. */
static void refuse_controls(const char *arg)
{
	size_t len = arg[1] == '-' ? strcspn(arg, "=") : strlen(arg) > 1 ? 2 : 1;
	const char *shown = text_shown_n(arg, len);

	if (strlen(shown) == len && !memcmp(shown, arg, len))
		return;
	fprintf(stderr, "%s: unrecognized option '%s'\n", program_invocation_short_name, shown);
	exit(cli_bad_usage);
}

/* --- options that do not exist ---------------------------------------------------------------- */

#define OPTIONS_MAX 96

/* The long options of a program with "--", and whether they take a value. */
static struct known_option {
	char name[SUGGEST_TEXT / 4];
	int short_name;
	bool value;
} known[OPTIONS_MAX];
static unsigned int nr_known;

static void know(const char *name, int key, bool value)
{
	struct known_option *o = &known[nr_known];

	if (!name || nr_known == OPTIONS_MAX)
		return;
	snprintf(o->name, sizeof(o->name), "--%s", name);
	o->short_name = key > ' ' && key < 127 ? key : 0;
	o->value = value;
	nr_known++;
}

static void know_all(const struct argp *argp)
{
	const struct argp_option *o;
	const struct argp_child *child;

	for (o = argp->options; o && (o->name || o->key || o->doc); o++)
		know(o->name, o->key, o->arg && !(o->flags & OPTION_ARG_OPTIONAL));
	for (child = argp->children; child && child->argp; child++)
		know_all(child->argp);
}

static const char *known_at(unsigned int i)
{
	return i < nr_known ? known[i].name : NULL;
}

/* The option, or the first one that begins like it: getopt() takes what is left of a name, too. */
static const struct known_option *find_known(const char *arg)
{
	size_t len = strcspn(arg, "=");
	unsigned int i;

	for (i = 0; i < nr_known; i++)
		if (arg[1] == '-' ? !strncmp(known[i].name, arg, len) :
		    known[i].short_name == arg[1] && !arg[2])
			return &known[i];
	return NULL;
}

/* Says which options are near to one that does not exist; getopt() would say only that. */
static void refuse_unknown(const struct argp *argp, int argc, char **argv)
{
	const struct known_option *o;
	char near[SUGGEST_TEXT];
	size_t len;
	int i;

	nr_known = 0;
	know_all(argp);
	know("help", '?', false);
	know("usage", 0, false);
	know("version", 'V', false);
	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (argv[i][0] != '-')
			continue;
		refuse_controls(argv[i]);
		o = find_known(argv[i]);
		if (o && o->value && !strchr(argv[i], '='))
			i++;
		if (o || argv[i][1] != '-')
			continue;
		len = strcspn(argv[i], "=");
		fprintf(stderr, "%s: unrecognized option '%.*s'%s\n"
			"Try `%s --help' or `%s --usage' for more information.\n",
			program_invocation_name, (int)len, argv[i],
			suggest(near, sizeof(near), argv[i], len, known_at),
			program_invocation_short_name, program_invocation_short_name);
		exit(cli_bad_usage);
	}
}

#define EXAMPLE(program, command, text) { #program, command, text },
static const struct example {
	const char *program, *command, *text;
} examples[] = {
#include "help.def"
};
#undef EXAMPLE

static char *(*inner_filter)(int key, const char *text, void *input);

/* What argp says after the options: the program's own words, then its examples. */
static char *add_examples(int key, const char *text, void *input)
{
	char *own = inner_filter ? inner_filter(key, text, input) : (char *)text, *all;
	size_t size, i, n = 0;
	FILE *f = key == ARGP_KEY_HELP_POST_DOC ? open_memstream(&all, &size) : NULL;

	if (!f)
		return own;
	if (own)
		fprintf(f, "%s%s", own, own[strlen(own) - 1] == '\n' ? "\n" : "\n\n");
	for (i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		if (!strcmp(examples[i].program, program_invocation_short_name))
			fprintf(f, "%s  %s\n      %s\n", n++ ? "" : "Examples:\n",
				examples[i].command, examples[i].text);
	fclose(f);
	if (own != text)
		free(own);
	return all;
}

void cli_parse(const struct argp *argp, int argc, char **argv)
{
	struct argp with_examples = *argp;

	argp_err_exit_status = cli_bad_usage;
	signal(SIGXFSZ, SIG_IGN);
	refuse_unknown(argp, argc, argv);
	inner_filter = argp->help_filter;
	with_examples.help_filter = add_examples;
	argp_parse(&with_examples, argc, argv, 0, NULL, NULL);
}

int cli_finish(const char *program, int status)
{
	bool bad = ferror(stdout);

	errno = 0;
	bad |= fflush(stdout) != 0;
	if (!bad)
		return status;
	fprintf(stderr, "%s: stdout: %s\n", program, errno ? strerror(errno) : "could not be written");
	return status ? : 2;
}
