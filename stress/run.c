// SPDX-License-Identifier: GPL-2.0-only
/* One run from its first line to its last: set up, phases, tear down. */
#include <stdlib.h>
#include <time.h>
#include <fuzz/tools/shared_options.h>
#include <kernel/rcupdate.h>
#include <kernel/workqueue.h>
#include <machine/failure.h>
#include <machine/tsan.h>
#include <world/world.h>
#include <util/durable.h>
#include <util/text.h>
#include "history.h"
#include "stress.h"

#define PHASE_SECONDS 2.0		/* between two checks of the whole world at rest */
#define TICK_NS 20000000

static u64 start;			/* of the workers */

/* What every failure block ends with. */
static void print_reproducer(FILE *out)
{
	fputs("repro ", out);
	options_print_command(out);
	fputs("\nstress: FAIL ", out);
	options_print(out);
	fputc('\n', out);
}

/* The program of the workers' last operations, for a search on the controlled machine. */
static void print_program(FILE *out)
{
	static struct program prog;		/* never destroyed: nothing may be freed here */
	static struct text_memory memory;
	FILE *file;

	if (!workers)
		return;
	file = text_memory_begin(&memory);
	if (!file)
		return;
	history_program(&prog, report_check());
	program_print(file, &prog);
	if (!text_memory_end(&memory))
		return;
	if (options.program_path && !durable_write(options.program_path, memory.text, memory.len)) {
		fputs("program ", out);
		text_print_shell(out, options.program_path);
		fputs("; explore FILE --near looks for a schedule of it\n", out);
	} else {
		fprintf(out, "program of the last operations; explore FILE --near looks for a schedule\n%s",
			memory.text);
	}
}

/* A failed check ends the process: --report has the record. Others write what is counted meanwhile. */
static void report_failure(FILE *out)
{
	if (workers && start)
		report_file((time_ns() - start) / 1e9, "FAIL", failure->check, 0);
}

static void print_line(const char *verdict)
{
	printf("stress: %s%s", verdict, *verdict ? " " : "");
	options_print(stdout);
	putchar('\n');
	fflush(stdout);
}

static void start_world(void)
{
	struct machine_config config = {
		.seed = options.seed,
		.noise = given.noise,
		.migrate = options.geometry.nr_cpus > 1,
		.watchdog_seconds = options.watchdog,
	};

	spec_make();
	report_set_sentence(check_sentence);
	report_add_hook(print_program);
	report_add_hook(report_failure);
	report_add_hook(print_reproducer);
	world_up(&spec, &config, NULL);
}

/* No task is in the core: let what is pending run. */
static void settle(void)
{
	flush_all_work();
	rcu_barrier();
}

/* An operation like any other: the watchdog looks at it. */
static void check_at_rest(void)
{
	task_op_begin("settle");
	settle();
	task_op_end();
	check_quiescent();
}

static void tick(void)
{
	struct timespec ts = { .tv_nsec = TICK_NS };

	nanosleep(&ts, NULL);
}

static double since(u64 from)
{
	return (time_ns() - from) / 1e9;
}

static bool over(double elapsed)
{
	if (interrupt_signal() || workers_done())
		return true;
	if (options.until_covered)
		return elapsed >= COVERED_SECONDS_MAX || !report_paths_missing(NULL);
	return elapsed >= options.seconds;
}

/* Return: how many times everything was checked at rest. */
static unsigned int run_phases(void)
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

/* Why it is not all that was asked for; "": it is. */
static const char *incomplete(double elapsed)
{
	static char why[128];
	u64 ops = workers_ops();

	if (interrupt_signal())
		snprintf(why, sizeof(why), "%s after %.1f of %g s", interrupt_signal(), elapsed,
			 options.seconds);
	else if (options.ops && ops < options.ops)
		snprintf(why, sizeof(why), "%lu of %lu operations: the time is over", ops, options.ops);
	else if (!ops)
		snprintf(why, sizeof(why), "no operation was run");
	return why;
}

static int verdict(double elapsed, unsigned int phases, bool missed)
{
	unsigned int bit = coverage_workload(options.workload->name), i;
	const char *why = incomplete(elapsed);
	const char *word = missed ? "FAIL" : *why ? "INCOMPLETE" : "PASS";
	int status = *why ? EXIT_USAGE : EXIT_CLEAN;

	report_final(elapsed, phases);
	if (report_file(elapsed, word, why, phases))
		status = EXIT_USAGE;
	if (missed) {
		for (i = 0; i < nr_rare_paths; i++)
			if ((rare_paths[i].workloads & bit) && !report_path(i))
				printf("rare path not reached: %s\n", rare_paths[i].name);
		fputs("repro ", stdout);
		options_print_command(stdout);
		putchar('\n');
	}
	if (*why)
		printf("stress: INCOMPLETE: %s\n", why);
	print_line(word);
	return missed ? EXIT_FOUND : status;
}

static void tell_cut(void)
{
	double elapsed;
	const char *why;

	if (!workers || !start) {
		printf("stress: INCOMPLETE: %s before it had begun\n", interrupt_signal());
	} else {
		elapsed = since(start);
		why = incomplete(elapsed);
		report_file(elapsed, "INCOMPLETE", why, 0);
		printf("stress: INCOMPLETE: %s, and it did not come to its end\n", why);
	}
	print_line("INCOMPLETE");
}

void run_cut(void)
{
	/* the others go on meanwhile, and what they write need not be exact */
	tsan_ignore_begin();
	tell_cut();
	tsan_ignore_end();
}

int run(void)
{
	unsigned int phases;
	double elapsed;
	bool missed;
	int status;

	print_line("");
	interrupt_listen();
	start_world();
	start = time_ns();
	workers_start();
	phases = run_phases();
	elapsed = since(start);
	workers_join();
	/* what the end of the world adds does not count */
	missed = options.until_covered && !interrupt_signal() && report_paths_missing(NULL);
	report_calm();
	task_op_begin("settle");
	world_rest();
	task_op_end();
	check_quiescent();
	world_down();
	status = verdict(elapsed, phases + 1, missed);
	machine_stop();
	return status;
}
