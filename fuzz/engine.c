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

static const char *finding_path;
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

int finding_save(const char *path)
{
	struct program prog;
	unsigned int nr;
	FILE *file;
	int err;

	if (!running)
		return -1;
	file = fopen(path, "w");
	if (!file)
		return -1;
	prog = *running;
	prog.choices = (struct choice *)sim_choices(&nr);
	prog.nr_choices = nr;
	prog.has_expect = true;
	snprintf(prog.expect, sizeof(prog.expect), "%s", report_check());
	snprintf(prog.mutant, sizeof(prog.mutant), "%s", running_mutant ? : "");
	program_print(file, &prog);
	err = fflush(file) || fsync(fileno(file));
	return fclose(file) || err ? -1 : 0;
}

static void finding_write(FILE *out)
{
	if (finding_path)
		finding_save(finding_path);
}

/* In cov: _exit() would lose what the child has counted. */
int __llvm_profile_write_file(void) __attribute__((weak));

void child_run(int (*fn)(void *arg), void *arg, const char *finding, struct outcome *out)
{
	size_t len = 0;
	ssize_t n;
	int fds[2], status;
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
		finding_path = finding;
		report_add_hook(finding_write);
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
}
