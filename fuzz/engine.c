// SPDX-License-Identifier: GPL-2.0-only
/* Children, their reports and their findings. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/bug.h>
#include "engine.h"
#include "mutant_name.h"

#define REPORT_MAX (256UL << 10)
#define MUTANTS_ON_MAX 16
#define KEPT_MAX (128UL << 20)		/* as the longest program that is read */

static const struct program *running;
static const char *running_mutant;

struct progress *progress_create(void)
{
	struct progress *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

static struct progress *counted;

static void count_pair(u32 pair)
{
	counted->behaviours += pairs_add(&counted->pairs, pair);
}

void progress_begin(struct progress *p)
{
	counted = p;
	pairs_begin(count_pair);
}

void progress_count(struct progress *p)
{
	u64 hash = sim_trace_hash() % TRACES_BITS, bit = BIT(hash % 64);

	p->schedules++;
	p->points += sim_points();
	p->contended += sim_contended_points();
	if (!(p->seen[hash / 64] & bit)) {
		p->seen[hash / 64] |= bit;
		p->traces++;
	}
}

static struct mutant_name {
	char name[PROGRAM_NAME_MAX];
} switched_on[MUTANTS_ON_MAX];
static unsigned int nr_switched_on;

int engine_mutant(const char *name)
{
	char why[MUTANT_WHY];

	if (mutant_switch_on(name, why)) {
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, why);
		return -1;
	}
	if (nr_switched_on < MUTANTS_ON_MAX)
		snprintf(switched_on[nr_switched_on++].name, PROGRAM_NAME_MAX, "%s", name);
	return 0;
}

void engine_mutants_print(FILE *out, const char *known)
{
	unsigned int i;

	for (i = 0; i < nr_switched_on; i++)
		if (strcmp(switched_on[i].name, known))
			fprintf(out, " --mutant %s", switched_on[i].name);
}

void child_program(const struct program *prog, const char *mutant)
{
	running = prog;
	running_mutant = mutant;
}

char *finding_text(size_t *len)
{
	struct program prog;
	char *text = NULL;
	unsigned int nr;
	FILE *file;

	file = running ? open_memstream(&text, len) : NULL;
	if (!file)
		return NULL;
	prog = *running;
	prog.choices = (struct choice *)sim_choices(&nr);
	prog.nr_choices = nr;
	prog.has_expect = true;
	snprintf(prog.expect, sizeof(prog.expect), "%s", report_check());
	snprintf(prog.mutant, sizeof(prog.mutant), "%s", running_mutant ? : "");
	program_print(file, &prog);
	if (!fclose(file))
		return text;
	free(text);
	return NULL;
}

/* Shared with the child. A file in memory would be subject to limits of the size of files. */
struct kept {
	size_t len;			/* 0: nothing, or not all of it */
	char text[KEPT_MAX];
};

static struct kept *kept;

static struct kept *kept_create(void)
{
	struct kept *k = mmap(NULL, sizeof(*k), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (k == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return k;
}

/* In the child. */
static void keep_program(FILE *out)
{
	size_t len;
	char *text = kept ? finding_text(&len) : NULL;

	if (text && len <= KEPT_MAX) {
		memcpy(kept->text, text, len);
		kept->len = len;
	}
	free(text);
}

/* In cov: _exit() would lose what the child has counted. */
int __llvm_profile_write_file(void) __attribute__((weak));

void child_run(int (*fn)(void *arg), void *arg, bool keep, struct outcome *out)
{
	size_t len = 0;
	ssize_t n;
	int fds[2], status;
	struct kept *k = keep ? kept_create() : NULL;
	char rest[4096];
	pid_t pid;

	memset(out, 0, sizeof(*out));
	out->report = calloc(1, REPORT_MAX);
	fflush(NULL);
	if (!out->report || pipe(fds) || (pid = fork()) < 0) {
		perror("fork");
		exit(2);
	}
	if (!pid) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		kept = k;
		report_add_hook(keep_program);
		status = fn(arg);
		fflush(NULL);
		if (__llvm_profile_write_file)
			__llvm_profile_write_file();
		_exit(status);
	}
	close(fds[1]);
	while (len < REPORT_MAX - 1 && (n = read(fds[0], out->report + len,
						 REPORT_MAX - 1 - len)) > 0)
		len += n;
	while (read(fds[0], rest, sizeof(rest)) > 0)
		;
	close(fds[0]);
	waitpid(pid, &status, 0);
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (out->status)
		outcome_parse(out);
	if (!k)
		return;
	if (out->status && k->len)
		out->program = strndup(k->text, k->len);
	munmap(k, sizeof(*k));
}
