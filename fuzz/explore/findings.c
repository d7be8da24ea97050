// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings: a file for each distinct one, and its report.
 *
 * In a run, failures of one key (outcome_key()) and one mutant are one finding, and the first is
 * kept. What is in the directory from earlier runs is compared with it: a program that is the
 * same, or that still fails in the same way, is that finding. Anything else keeps its name, and
 * the finding gets another one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <fuzz/explain/block.h>
#include <util/durable.h>
#include <util/text.h>
#include "explore.h"

#define KNOWN_FLAWS "corpus/linux/known"
#define NAMES_MAX 10000			/* of findings whose hashes are equal */

static int lock_fd = -1;

int findings_open(void)
{
	char probe[OUT_MAX + 16];
	const char *why = NULL;
	int err = durable_directory(options.out);

	if (!err) {
		snprintf(probe, sizeof(probe), "%s/.probe", options.out);
		why = durable_check(probe);
	}
	if (!err && !why)
		return 0;
	fprintf(stderr, "explore: --out: %s: %s\n", text_shown(options.out), why ? : strerror(-err));
	return -1;
}

/* Jobs, and other runs with the same directory, keep one finding at a time. */
static void lock(void)
{
	if (lock_fd < 0)
		lock_fd = open(options.out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	flock(lock_fd, LOCK_EX);
}

static void unlock(void)
{
	flock(lock_fd, LOCK_UN);
}

/* --- which one is it ---------------------------------------------------------------------- */

static u64 hash_text(const char *text)
{
	u64 hash = 14695981039346656037UL;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211UL;
	return hash;
}

/* Of this run. */
static struct finding *find_known(const char *key)
{
	unsigned int i;

	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		if (!strcmp(shared->findings[i].key, key))
			return &shared->findings[i];
	return NULL;
}

/* A program of an earlier run: does it fail as @f does, now and with this code? */
static bool fails_alike(const char *path, const struct finding *f)
{
	char key[OUTCOME_KEY] = "";
	struct program_error err;
	struct timeline *tl;
	struct outcome out;
	struct program prog;

	if (program_read(&prog, path, &err))
		return false;
	if (!strcmp(prog.mutant, options.mutant)) {
		tl = record_run(&prog, &out);
		timeline_destroy(tl);
		if (out.status)
			outcome_key(&out, key);
		outcome_destroy(&out);
	}
	program_destroy(&prog);
	return !strcmp(key, f->key);
}

/* --- its file ----------------------------------------------------------------------------- */

static void make_path(char *path, size_t size, const struct finding *f, unsigned int nr,
		      const char *suffix)
{
	char name[OUTCOME_KEY + PROGRAM_MUTANT_MAX], number[16] = "";

	snprintf(name, sizeof(name), "%s %s", f->key, options.mutant);
	if (nr)
		snprintf(number, sizeof(number), "-%u", nr + 1);
	snprintf(path, size, "%s/%s-%04lx%s.%s", options.out, f->check, hash_text(name) & 0xffff,
		 number, suffix);
}

/* Return: 0, f->path is its file, and maybe was before; a negative errno: nothing was written. */
static int choose_file(struct finding *f, const char *text, char *block_path, size_t size)
{
	unsigned int nr;
	int err;

	for (nr = 0; nr < NAMES_MAX; nr++) {
		make_path(f->path, sizeof(f->path), f, nr, "prog");
		make_path(block_path, size, f, nr, "txt");
		if (!access(f->path, F_OK)) {
			f->known = durable_same(f->path, text, strlen(text)) ||
				   fails_alike(f->path, f);
			if (f->known)
				return 0;
			continue;
		}
		/* a block whose program is gone is not overwritten either */
		if (!access(block_path, F_OK))
			continue;
		err = durable_create(f->path, text, strlen(text));
		if (err != -EEXIST)
			return err;
	}
	return -EEXIST;
}

static char *make_block(const struct finding *f, const char *text, const struct outcome *out)
{
	struct program_error err;
	struct program prog;
	char *block = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&block, &size);

	if (!file)
		abort();
	if (program_parse(&prog, text, strlen(text), &err)) {
		/* our mistake, but nothing is lost by it */
		fprintf(file, "%s:%u:%u: %s\n%s", f->path, err.line, err.column, err.text, out->report);
	} else {
		block_print(file, &prog, f->path, options.self, out);
		program_destroy(&prog);
	}
	fclose(file);
	return block;
}

/* --- telling it --------------------------------------------------------------------------- */

/* One finding is shown as a whole; of several, each is a few lines, and its file has the rest. */
static bool shows_block(void)
{
	return !options.quiet && !options.keep_going;
}

static void tell(const struct finding *f, const struct outcome *out)
{
	printf("%sFOUND  %s  %s  (seed %lu, %lu schedules, %.1f s)\n", options.quiet ? "" :
	       isatty(1) ? "\r\033[K" : "", out->check, text_shown(out->where), f->seed, f->schedules,
	       f->seconds);
	/* else it is in the block that follows */
	if (!shows_block() && out->failure.text[0]) {
		printf("       ");
		failure_print_text(stdout, out->failure.text);
		putchar('\n');
	}
}

/* Does this tree, out/tree/NAME, have the flaw's fix? */
static bool is_fixed(const char *flaw)
{
	const char *slash = strrchr(options.self, '/');
	char path[4096];

	snprintf(path, sizeof(path), "%.*s../fixed/%s", slash ? (int)(slash - options.self) + 1 : 0, options.self,
		 flaw);
	return !access(path, F_OK);
}

/* Of a tree: the known flaws that fail at this check and place. Which it is, only their fixes tell. */
static void tell_flaws(const struct finding *f)
{
	FILE *known = geometry_fixed ? fopen(KNOWN_FLAWS, "r") : NULL;
	char line[256], flaw[64], check[64], file[128];
	const char *place = strstr(f->key, "  ");
	unsigned int nr = 0;

	while (known && place && fgets(line, sizeof(line), known))
		if (sscanf(line, "%63[a-z0-9-] %63s %127s", flaw, check, file) == 3 &&
		    !strcmp(check, f->check) && !strncmp(place + 2, file, strlen(file)) && !is_fixed(flaw))
			printf("%s%s", nr++ ? ", " : "       known flaws that fail there, too: ", flaw);
	if (nr)
		printf(" (corpus/linux/README.md; scripts/hunt --tree tells which)\n");
	if (known)
		fclose(known);
}

/* With its program: a file, and a block. */
static void keep_program(struct finding *f, const struct outcome *out)
{
	char block_path[sizeof(f->path)], *text, *block;
	int err, block_err = 0;

	if (asprintf(&text, "# %s\n%s", text_shown(f->key), out->program) < 0)
		abort();
	err = choose_file(f, text, block_path, sizeof(block_path));
	f->stored = !err;
	block = make_block(f, text, out);
	if (!err && !f->known)
		block_err = durable_create(block_path, block, strlen(block));
	tell(f, out);
	printf("       %s%s\n", text_shown(f->path), f->known ?
	       "  (there before this run, and fails in the same way)" : "");
	tell_flaws(f);
	if (err)
		durable_print("explore", f->path, err, text, strlen(text));
	if (block_err)
		printf("explore: %s: %s\n", text_shown(block_path), strerror(-block_err));
	else if (!err && !options.quiet && !shows_block())
		printf("       %s: the interleaving\n", text_shown(block_path));
	if (shows_block() || err || block_err)
		printf("\n%s\n", block);
	fflush(stdout);
	free(block);
	free(text);
}

/* There is no record of what it did: it was killed, or ran out of memory. */
static void keep_report(struct finding *f, const struct outcome *out)
{
	f->path[0] = 0;
	tell(f, out);
	printf("       no program: the process ended with status %d and no report%s%s\n", out->status,
	       *out->report ? "; its last words:\n" : "", out->report);
	fflush(stdout);
}

void keep_finding(struct outcome *out)
{
	static struct finding beyond;		/* FINDINGS_MAX: on the disk they are told apart */
	char key[OUTCOME_KEY];
	struct finding *f;

	if (!out->check[0])
		snprintf(out->check, sizeof(out->check), "EXIT-%d", out->status);
	outcome_key(out, key);
	lock();
	shared->failures++;
	f = find_known(key);
	if (f) {
		f->count++;
	} else {
		f = shared->nr_findings < FINDINGS_MAX ? &shared->findings[shared->nr_findings] : &beyond;
		memset(f, 0, sizeof(*f));
		snprintf(f->key, sizeof(f->key), "%s", key);
		snprintf(f->check, sizeof(f->check), "%s", out->check);
		f->count = 1;
		f->seed = progress[job]->seed;
		f->schedules = total_schedules();
		f->seconds = elapsed();
		f->failure = out->failure;
		if (out->program)
			keep_program(f, out);
		else
			keep_report(f, out);
		shared->nr_findings++;
	}
	unlock();
}
