// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread of each target: it sees to it that a loop without a scheduling point is reported, that
 * interrupts are handled meanwhile (TSan calls libFuzzer's handlers in a thread that waits, not in
 * one that loops), and that no process outlives the libFuzzer that started it. Built without
 * instrumentation.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fuzz/run/watch.h>
#include <sim/pulse.h>
#include <util/cli.h>
#include "target.h"

#define LOOK_NS (50 * 1000 * 1000)
#define PROBE_NS (5 * 1000 * 1000)
#define PARENT "SWAPHAMMER_FUZZ_PARENT"
#define EXIT_INTERRUPTED 72		/* as libFuzzer's own */

static struct {
	pid_t thread;			/* the one that runs schedules */
	int parent;			/* a pidfd, or -1 */
	sigset_t signals;
	bool starts_others;		/* -fork, -jobs, ... */
} watched = { .parent = -1 };

/*
 * What libFuzzer starts others with. libc's ignores SIGINT meanwhile, and a signal that is pending when
 * it becomes ignored is lost: with jobs that start and end all the time, now and then the only one.
 */
int system(const char *command)
{
	char *argv[] = { "sh", "-c", (char *)command, NULL };
	int status;
	pid_t pid;

	if (!command)
		return 1;
	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ))
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/*
 * libFuzzer's handler says the last words, here, where nothing loops. Of one that waits for others
 * it would wait for them.
 */
static void interrupted(int sig)
{
	struct sigaction action;
	sigset_t set;

	report_json_end(2, sig == SIGINT ? "SIGINT" : "SIGTERM");
	if (!watched.starts_others && !sigaction(sig, NULL, &action) &&
	    action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL) {
		sigemptyset(&set);
		sigaddset(&set, sig);
		pthread_kill(pthread_self(), sig);
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	}
	fprintf(stderr, "==%d== libFuzzer: run interrupted; exiting\n", getpid());
	_exit(EXIT_INTERRUPTED);
}

static void *watch_main(void *arg)
{
	struct pollfd parent = { .fd = watched.parent, .events = POLLIN };
	struct timespec pause = { 0 };
	enum watch_state state;
	struct watch watch;
	int sig;

	watch_begin(&watch, getpid(), watched.thread);
	for (;;) {
		state = watch_look(&watch);
		if (state == WATCH_SILENT)
			fuzz_hangs_silently();
		if (watched.parent >= 0 && poll(&parent, 1, 0) > 0)
			_exit(EXIT_INTERRUPTED);
		pause.tv_nsec = state == WATCH_PROBES ? PROBE_NS : LOOK_NS;
		sig = sigtimedwait(&watched.signals, NULL, &pause);
		if (sig > 0)
			interrupted(sig);
	}
	return NULL;
}

/* In -fork, -jobs and -merge libFuzzer starts this program again. */
static void find_parent(void)
{
	const char *parent = getenv(PARENT);
	char self[16];

	/* or it has started itself anew: see seeds.c */
	if (parent && atoi(parent) != getpid()) {
		watched.parent = syscall(SYS_pidfd_open, atoi(parent), 0);
		if (watched.parent < 0)
			_exit(EXIT_INTERRUPTED);
	}
	snprintf(self, sizeof(self), "%d", getpid());
	setenv(PARENT, self, 1);
}

static bool starts_others(int argc, char **argv)
{
	static const char *const options[] = {
		"-fork=", "-jobs=", "-merge=", "-minimize_crash=", "-cleanse_crash=",
	};
	unsigned int i;

	for (; --argc > 0; argv++)
		for (i = 0; i < ARRAY_SIZE(options); i++)
			if (!strncmp(argv[1], options[i], strlen(options[i])) &&
			    strcmp(argv[1] + strlen(options[i]), "0"))
				return true;
	return false;
}

bool fuzz_has_relatives(void)
{
	return watched.starts_others || watched.parent >= 0;
}

static void set_seconds(void)
{
	const char *text = getenv("SWAPHAMMER_HANG_AFTER");
	unsigned long seconds;

	if (!text)
		return;
	if (!cli_parse_number(text, 1, 1000000, false, &seconds)) {
		fprintf(stderr, "SWAPHAMMER_HANG_AFTER: seconds are expected, 1 to 1000000\n");
		exit(2);
	}
	watch_set_seconds(seconds);
}

void fuzz_watch_begin(int argc, char **argv)
{
	pthread_t thread;

	set_seconds();
	find_parent();
	watched.starts_others = starts_others(argc, argv);
	watched.thread = syscall(SYS_gettid);
	sim_pulse_catch(watch_seconds());
	sigemptyset(&watched.signals);
	sigaddset(&watched.signals, SIGINT);
	sigaddset(&watched.signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &watched.signals, NULL);
	if (pthread_create(&thread, NULL, watch_main, NULL)) {
		fprintf(stderr, "%s: no thread to watch the others\n", fuzz_target.name);
		exit(2);
	}
	pthread_detach(thread);
}
