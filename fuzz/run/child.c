// SPDX-License-Identifier: GPL-2.0-only
/* Children that run schedules: what they say, whether they hang, how they end. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check/check.h>
#include <kernel/bug.h>
#include <machine/stack.h>
#include <sim/pulse.h>
#include <util/process.h>
#include <util/text.h>
#include "engine.h"
#include "watch.h"

#define REPORT_MAX (256UL << 10)
#define KEPT_MAX TEXT_MEMORY_MAX
#define LOOK_MS 50			/* between two looks at a child */
#define PROBE_MS 5
#define GRACE_SECONDS 1.0		/* for a child to end by itself after an interrupt */

/* In cov: _exit() would lose what the child has counted. */
int __llvm_profile_write_file(void) __attribute__((weak));

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
	const char *text = kept ? finding_text(&len) : NULL;

	if (text && len <= KEPT_MAX) {
		memcpy(kept->text, text, len);
		kept->len = len;
	}
}

static void __noreturn child_main(int (*fn)(void *arg), void *arg, struct kept *k, int fds[2])
{
	int status;

	dup2(fds[1], 2);
	close(fds[0]);
	close(fds[1]);
	sim_pulse_catch(watch_seconds());
	kept = k;
	report_add_hook(keep_program);
	status = fn(arg);
	fflush(NULL);
	if (__llvm_profile_write_file)
		__llvm_profile_write_file();
	_exit(status);
}

/* Waits for what the child says; what is too long is read all the same. Return: false: the end. */
static bool hear(int fd, char *report, size_t *len, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char rest[4096];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return true;
	if (*len < REPORT_MAX - 1) {
		n = read(fd, report + *len, REPORT_MAX - 1 - *len);
		*len += n > 0 ? n : 0;
	} else {
		n = read(fd, rest, sizeof(rest));
	}
	return n > 0 || (n < 0 && errno == EINTR);
}

/* The child has to be stopped. Return: why. */
static enum child_end listen_to(pid_t pid, int fd, struct outcome *out)
{
	enum watch_state state = WATCH_FINE;
	struct watch watch;
	size_t len = 0;

	watch_begin(&watch, pid, pid);
	while (hear(fd, out->report, &len, state == WATCH_PROBES ? PROBE_MS : LOOK_MS)) {
		state = watch_look(&watch);
		if (state == WATCH_SILENT)
			return CHILD_HUNG;
		if (interrupted_for() > GRACE_SECONDS)
			return CHILD_INTERRUPTED;
	}
	return CHILD_ENDED;
}

/* Of a child that could not say it any more. */
static void report_hang(struct outcome *out, const char *fmt, ...)
{
	size_t len = strlen(out->report);
	va_list args;

	out->status = 1;
	va_start(args, fmt);
	failure_fill("HANG", "?", NULL, fmt, args);
	va_end(args);
	/* the tasks of this process are not those of the child */
	failure->nr_tasks = 0;
	snprintf(out->report + len, REPORT_MAX - len, "\nFAIL  HANG  ?\n      %s\n      %s\n",
		 check_sentence("HANG"), failure->text);
}

void child_run(int (*fn)(void *arg), void *arg, bool keep, struct outcome *out)
{
	struct kept *k = keep ? kept_create() : NULL;
	static pid_t shares;
	int fds[2], status;
	pid_t pid;

	stack_prepare();
	memset(out, 0, sizeof(*out));
	out->report = calloc(1, REPORT_MAX);
	if (!out->report || pipe(fds)) {
		perror("pipe");
		exit(2);
	}
	/* each process has a pulse of its own with its children, of which one runs at a time */
	if (shares != getpid()) {
		sim_pulse_share();
		failure_share();
		shares = getpid();
	}
	sim_pulse->runs = sim_pulse->reports = failure->valid = false;
	pid = process_fork();
	if (!pid)
		child_main(fn, arg, k, fds);
	close(fds[1]);
	out->end = listen_to(pid, fds[0], out);
	if (out->end != CHILD_ENDED)
		kill(pid, SIGKILL);
	close(fds[0]);
	waitpid(pid, &status, 0);
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (out->end == CHILD_HUNG)
		report_hang(out, "no scheduling point for %g s; where is not known: the process did not answer",
			    watch_seconds());
	else if (out->end == CHILD_ENDED && out->status == 128 + SIGKILL)
		out->end = CHILD_KILLED;
	if (out->status) {
		out->failure = *failure;
		outcome_parse(out);
	}
	if (!k)
		return;
	if (out->status && k->len)
		out->program = strndup(k->text, k->len);
	munmap(k, sizeof(*k));
}
