// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts. A thread waits for them: a handler in the main thread would not be called while that
 * thread waits for workers that hang, nor, under TSan, while it loops.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "stress.h"

#define END_NS 500000000L		/* after 1 s more it has not come to its end by itself */

static int caught;

static void nothing(int sig)
{
}

const char *interrupt_signal(void)
{
	switch (__atomic_load_n(&caught, __ATOMIC_RELAXED)) {
	case 0: return NULL;
	case SIGINT: return "SIGINT";
	case SIGTERM: return "SIGTERM";
	default: return "SIGHUP";
	}
}

static void *listen(void *arg)
{
	struct timespec pause = { .tv_sec = 1, .tv_nsec = END_NS };
	sigset_t *set = arg;
	int sig;

	if (sigwait(set, &sig))
		return NULL;
	__atomic_store_n(&caught, sig, __ATOMIC_RELAXED);
	nanosleep(&pause, NULL);
	/* a failure that is being reported comes first */
	if (report_check()) {
		nanosleep(&pause, NULL);
		_exit(EXIT_FOUND);
	}
	run_cut();
	_exit(EXIT_USAGE);
}

void interrupt_listen(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = nothing }, old;
	static sigset_t set;
	pthread_t thread;
	unsigned int i;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&set, signals[i]);
	/* before there are handlers: they would take one that comes now, and nobody hears of it */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		/* nohup(1) means it */
		if (signals[i] == SIGHUP && !sigaction(SIGHUP, NULL, &old) &&
		    old.sa_handler == SIG_IGN) {
			sigdelset(&set, SIGHUP);
			continue;
		}
		/* what is ignored would not be waited for */
		sigaction(signals[i], &action, NULL);
	}
	if (pthread_create(&thread, NULL, listen, &set)) {
		fprintf(stderr, "stress: no thread for signals\n");
		exit(EXIT_USAGE);
	}
	pthread_detach(thread);
}
