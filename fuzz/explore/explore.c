// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: programs, generated or from files, under a strategy, until something fails. The parent
 * only watches. Each job is a process that works through its share of the programs, and runs
 * schedules in a child, which a failure ends.
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
#include <util/process.h>
#include "explore.h"

#define INTERRUPT_SECONDS 1.6		/* for jobs to end by themselves; then a verdict in 2 */

struct shared *shared;
struct progress *progress[JOBS_MAX];
unsigned int job;
static struct timespec started;
static pid_t pids[JOBS_MAX];

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

	for (i = 0; i < given.jobs; i++)
		n += __atomic_load_n(&progress[i]->schedules, __ATOMIC_RELAXED);
	return n;
}

void explore_stop(void)
{
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
}

static void __noreturn job_main(void)
{
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
	for (job = 0; job < given.jobs; job++) {
		progress[job] = progress_create();
		progress[job]->position = options.nr_files ? job : options.first + job;
	}
	if (options.nr_files && (options.strategy == STRATEGY_EXHAUSTIVE ||
				 options.strategy == STRATEGY_DEFAULT))
		options.last = options.nr_files - 1;
	interrupt_catch();
}

static void start_jobs(void)
{
	for (job = 0; job < given.jobs; job++) {
		pids[job] = process_fork();
		if (!pids[job])
			job_main();
	}
}

/* They end their children and themselves, unless they are stuck. */
static void kill_jobs(void)
{
	unsigned int i;

	for (i = 0; i < given.jobs; i++)
		if (pids[i])
			kill(pids[i], SIGKILL);
}

/* Return: how many of them did not come to their ends. */
static unsigned int wait_for_jobs(void)
{
	unsigned int running = given.jobs, ticks = 0, died = 0;
	bool live = isatty(1);
	int status, i;
	pid_t pid;

	while (running) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid > 0) {
			for (i = 0; pids[i] != pid; i++)
				;
			pids[i] = 0;
			running--;
			died += !!status;
			continue;
		}
		usleep(20000);
		if (interrupted_for() > INTERRUPT_SECONDS)
			kill_jobs();
		if (!options.quiet && ++ticks % (live ? 25 : 500) == 0)
			print_progress(live);
	}
	if (live && !options.quiet)
		printf("\r\033[K");
	return died;
}

int main(int argc, char **argv)
{
	struct worth_result worth;
	unsigned int died;

	options_parse(argc, argv);
	if (findings_open() || worth_open())
		return 2;
	prepare();
	start_jobs();
	died = wait_for_jobs();
	worth_write(&worth);
	return cli_finish("explore", print_verdict(died, &worth));
}
