// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay --bisect. The commit to be judged is not the one that this process was built from: it
 * builds the program, and understands what any version of it says.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/types.h>
#include <util/cli.h>
#include <util/process.h>
#include "bisect.h"

enum { GOOD = 0, BAD = 1, SKIP = 125, ABORT = 128 };

void bisect_prepare(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--bisect"))
			cli_bad_usage = ABORT + 1;
}

/* Runs a program; @out: gets the beginning of what it says on stdout. Return: its status, or -1. */
static int run(char **args, char *out, size_t size)
{
	int fds[2], status;
	struct pollfd p;
	char rest[4096];
	size_t len = 0;
	ssize_t n = 1;
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = process_fork();
	if (!pid) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execvp(args[0], args);
		fprintf(stderr, "replay: %s: %s\n", args[0], strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	while (n > 0 && !interrupted()) {
		if (poll(&p, 1, 100) <= 0)
			continue;
		n = len < size - 1 ? read(fds[0], out + len, size - 1 - len)
				   : read(fds[0], rest, sizeof(rest));
		len += n > 0 && len < size - 1 ? n : 0;
	}
	out[len] = 0;
	if (interrupted())
		kill(pid, SIGKILL);
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Is this program out/VARIANT/NAME of a directory with a build.ninja? Then @root is that. */
static const char *find_root(char *self, char *root)
{
	char *slash = self + strlen(self), file[PATH_MAX + 16];
	unsigned int i;

	for (i = 0; i < 3 && slash; i++)
		slash = memrchr(self, '/', slash - self);
	if (!slash)
		return NULL;
	snprintf(root, PATH_MAX, "%.*s", (int)(slash - self), self);
	snprintf(file, sizeof(file), "%s/build.ninja", root);
	return access(file, R_OK) ? NULL : slash + 1;
}

/* Return: is it built? A program that lies elsewhere is taken as it is. */
static bool build(char *self)
{
	static char root[PATH_MAX], said[64 << 10];
	const char *target = find_root(self, root);
	char *args[] = { "ninja", "-C", root, (char *)target, NULL };

	if (!target)
		return true;
	if (!run(args, said, sizeof(said)))
		return true;
	fputs(said, stderr);
	return false;
}

/* The line that says what came of the file, in @said. NULL: there is none. */
static const char *find_line(char *said)
{
	static const char *const words[] = {
		"ok ", "PASSES ", "FAILS ", "STALE ", "DIFFERS ", "skip ", "KILLED ",
	};
	char *line = said;
	unsigned int i;

	while (*line) {
		for (i = 0; i < ARRAY_SIZE(words); i++)
			if (!strncmp(line, words[i], strlen(words[i]))) {
				line[strcspn(line, "\n")] = 0;
				return line;
			}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return NULL;
}

static int judge(const char *line)
{
	if (!strncmp(line, "ok ", 3))
		return strstr(line, " as expected") ? BAD : GOOD;
	if (!strncmp(line, "PASSES ", 7))
		return GOOD;
	if (!strncmp(line, "FAILS ", 6) && strstr(line, "; pass was expected"))
		return BAD;
	return SKIP;
}

static int tell(int verdict, const char *why)
{
	printf("bisect: %s: %s\n", verdict == GOOD ? "good" : verdict == BAD ? "bad" : "skip", why);
	return verdict;
}

int bisect(int argc, char **argv, const char *path)
{
	static char self[PATH_MAX], said[64 << 10];
	char **args = calloc(argc + 1, sizeof(*args));
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int i, nr = 0, status;
	const char *line;

	if (!args || len <= 0) {
		perror("replay: --bisect");
		return ABORT + 1;
	}
	for (i = 0; i < argc; i++)
		if (!i || strcmp(argv[i], "--bisect"))
			args[nr++] = i ? argv[i] : self;
	if (!build(self))
		return interrupted() ? ABORT + interrupted() : tell(SKIP, "it does not build");
	status = run(args, said, sizeof(said));
	free(args);
	if (interrupted())
		return ABORT + interrupted();
	line = find_line(said);
	if (status == 2 || status < 0 || !line)
		return tell(SKIP, "it could not be replayed");
	return tell(judge(line), line);
}
