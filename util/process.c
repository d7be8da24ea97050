// SPDX-License-Identifier: GPL-2.0-only
/* See process.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

/* Shared by all processes of the program. */
static struct interrupt {
	int sig;
	struct timespec at;
} *interrupt;

pid_t process_fork(void)
{
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* or it has ended before that */
	if (getppid() != parent)
		_exit(2);
	return 0;
}

static void caught(int sig)
{
	int none = 0;

	if (!interrupt->at.tv_sec)
		clock_gettime(CLOCK_MONOTONIC, &interrupt->at);
	__atomic_compare_exchange_n(&interrupt->sig, &none, sig, 0, __ATOMIC_RELEASE,
				    __ATOMIC_RELAXED);
}

void interrupt_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = caught, .sa_flags = SA_RESTART }, old;
	unsigned int i;

	interrupt = mmap(NULL, sizeof(*interrupt), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (interrupt == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* nohup(1) means it */
		if (signals[i] == SIGHUP && !sigaction(SIGHUP, NULL, &old) &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}

int interrupted(void)
{
	return interrupt ? __atomic_load_n(&interrupt->sig, __ATOMIC_ACQUIRE) : 0;
}

double interrupted_for(void)
{
	struct timespec now;

	if (!interrupted())
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - interrupt->at.tv_sec + (now.tv_nsec - interrupt->at.tv_nsec) / 1e9;
}

const char *interrupt_name(void)
{
	switch (interrupted()) {
	case SIGINT: return "SIGINT";
	case SIGTERM: return "SIGTERM";
	default: return "SIGHUP";
	}
}
