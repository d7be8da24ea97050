/* SPDX-License-Identifier: GPL-2.0-only */
/* A case in a process of its own, since a check that fires ends its process. */
#ifndef MACHINE_TEST_CHILD_H
#define MACHINE_TEST_CHILD_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <kernel/types.h>

/* Runs fn(arg) in a child. Return: its exit status, 128 + its signal; @output: what it wrote to stderr. */
static inline int child_run(void (*fn)(const void *arg), const void *arg, char *output, size_t size)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
	size_t len = 0;
	unsigned int i;
	ssize_t n;
	int fds[2], status;
	pid_t pid;

	assert_false(pipe(fds));
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		/* cmocka's handlers jump back into its own loop, in this child */
		for (i = 0; i < ARRAY_SIZE(signals); i++)
			signal(signals[i], SIG_DFL);
		fn(arg);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], output + len, size - 1 - len)) > 0)
		len += n;
	output[len] = 0;
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif /* MACHINE_TEST_CHILD_H */
