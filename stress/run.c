// SPDX-License-Identifier: GPL-2.0-only
/* One run from its first line to its last: set up, phases, tear down. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <kernel/rcupdate.h>
#include <kernel/workqueue.h>
#include "stress.h"
#include "world.h"

#define PHASE_SECONDS 2.0		/* between two checks of the whole world at rest */
#define TICK_NS 20000000

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* What every failure block ends with. */
static void print_reproducer(FILE *out)
{
	fputs("repro ", out);
	options_print_command(out);
	fputs("\nstress: FAIL ", out);
	options_print(out);
	fputc('\n', out);
}

static void print_line(const char *verdict)
{
	printf("stress: %s%s", verdict, *verdict ? " " : "");
	options_print(stdout);
	putchar('\n');
	fflush(stdout);
}

static void machine_up(void)
{
	struct machine_config config = {
		.seed = options.seed,
		.noise = options.noise,
		.migrate = options.geometry.nr_cpus > 1,
		.watchdog_seconds = options.watchdog,
	};

	if (machine_start(&config) || mm_world_init(world_memory()) || swapfile_init()) {
		fprintf(stderr, "stress: the machine does not start\n");
		exit(EXIT_USAGE);
	}
	report_set_sentence(check_sentence);
	report_add_hook(print_reproducer);
}

/* Nobody is in the core: let what is pending run. */
static void settle(void)
{
	flush_all_work();
	rcu_barrier();
}

static void check_at_rest(void)
{
	settle();
	check_quiescent();
}

static void tick(void)
{
	struct timespec ts = { .tv_nsec = TICK_NS };

	nanosleep(&ts, NULL);
}

static double since(u64 start)
{
	return (time_ns() - start) / 1e9;
}

static bool over(double elapsed)
{
	if (interrupted || workers_done())
		return true;
	if (options.until_covered)
		return elapsed >= COVERED_SECONDS_MAX || !report_paths_missing(NULL);
	return elapsed >= options.seconds;
}

/* Return: how many times everything was checked at rest. */
static unsigned int run_phases(u64 start)
{
	double elapsed, phase_start = 0;
	unsigned int phases = 0;

	while (!over(elapsed = since(start))) {
		report_progress(elapsed, false);
		tick();
		if (since(start) - phase_start < PHASE_SECONDS)
			continue;
		workers_pause();
		check_at_rest();
		phases++;
		phase_start = since(start);
		workers_resume();
	}
	report_progress(elapsed, true);
	return phases;
}

static int verdict(double elapsed, unsigned int phases, bool missed)
{
	unsigned int bit = coverage_workload(options.workload->name), i;
	int status = EXIT_CLEAN;

	report_final(elapsed, phases);
	if (report_file(elapsed, missed ? "FAIL" : "PASS", phases))
		status = EXIT_USAGE;
	if (missed) {
		for (i = 0; i < nr_rare_paths; i++)
			if ((rare_paths[i].workloads & bit) && !coverage_count(&rare_paths[i]))
				printf("rare path not reached: %s\n", rare_paths[i].name);
		fputs("repro ", stdout);
		options_print_command(stdout);
		putchar('\n');
	}
	print_line(missed ? "FAIL" : "PASS");
	return missed ? EXIT_FOUND : status;
}

int run(void)
{
	unsigned int phases;
	double elapsed;
	bool missed;
	int status;
	u64 start;

	print_line("");
	catch_signals();
	machine_up();
	check_init();
	world_start();
	start = time_ns();
	workers_start();
	phases = run_phases(start);
	elapsed = since(start);
	workers_join();
	/* what the end of the world adds does not count */
	missed = options.until_covered && !interrupted && report_paths_missing(NULL);
	world_calm();
	check_at_rest();
	world_stop();
	settle();
	check_world_empty();
	status = verdict(elapsed, phases + 1, missed);
	check_exit();
	swapfile_exit();
	mm_world_exit();
	machine_stop();
	return status;
}
