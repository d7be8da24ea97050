// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: programs, generated or from files, under a strategy, until something fails. The
 * parent looks on, one process for each job goes through its share of programs, and each of
 * them runs schedules in a child, which a failure ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <util/cli.h>
#include "explore.h"

struct shared *shared;
struct progress *progress[JOBS_MAX];
unsigned int job;
static struct timespec started;

double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - started.tv_sec + (now.tv_nsec - started.tv_nsec) / 1e9;
}

unsigned long total_schedules(void)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; i < options.jobs; i++)
		n += __atomic_load_n(&progress[i]->schedules, __ATOMIC_RELAXED);
	return n;
}

void explore_stop(void)
{
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
}

/* The schedules that run come to their end; then the verdict. */
static void interrupted(int sig)
{
	explore_stop();
}

/* A terminal interrupts all processes, and so do others: only the parent listens. */
static void __noreturn job_main(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	run_job();
	fflush(NULL);
	_exit(0);
}

static void prepare(void)
{
	clock_gettime(CLOCK_MONOTONIC, &started);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED) {
		perror("explore: mmap");
		exit(2);
	}
	for (job = 0; job < options.jobs; job++) {
		progress[job] = progress_create();
		progress[job]->position = options.nr_files ? job : options.first + job;
	}
	if (options.nr_files && (options.strategy == STRATEGY_EXHAUSTIVE ||
				 options.strategy == STRATEGY_DEFAULT))
		options.last = options.nr_files - 1;
	signal(SIGINT, interrupted);
	signal(SIGTERM, interrupted);
}

static void start_jobs(void)
{
	pid_t pid;

	fflush(NULL);
	for (job = 0; job < options.jobs; job++) {
		pid = fork();
		if (!pid)
			job_main();
		if (pid < 0) {
			perror("explore: fork");
			explore_stop();
			exit(2);
		}
	}
}

/* Return: did all jobs come to their ends? */
static bool wait_for_jobs(void)
{
	unsigned int running = options.jobs, ticks = 0;
	bool live = isatty(1), whole = true;
	int status;

	while (running) {
		if (waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			whole &= !status;
			continue;
		}
		usleep(20000);
		if (!options.quiet && ++ticks % (live ? 25 : 500) == 0)
			print_progress(live);
	}
	if (live && !options.quiet)
		printf("\r\033[K");
	return whole;
}

int main(int argc, char **argv)
{
	int status = 0;
	bool whole;

	options_parse(argc, argv);
	if (findings_open())
		return 2;
	prepare();
	start_jobs();
	whole = wait_for_jobs();
	if (print_verdict())
		status = 2;
	if (!whole) {
		fprintf(stderr, "explore: a job did not come to its end\n");
		status = 2;
	}
	return cli_finish("explore", shared->failures ? 1 : status);
}
