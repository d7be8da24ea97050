// SPDX-License-Identifier: GPL-2.0-only
/* What a run says about itself: progress, the tables at its end, the summary file. */
#include <stdlib.h>
#include <unistd.h>
#include <fuzz/tools/failure_json.h>
#include <kernel/vmstat.h>
#include <swap/swap.h>
#include <util/durable.h>
#include <util/text.h>
#include <world/world.h>
#include "stress.h"

#define PLAIN_EVERY 5.0			/* seconds between lines when stdout is no terminal */

/* What report_calm() keeps: the end of the world takes counts with it, or adds to them. */
static unsigned long counted[NR_ALLOC_SITES];
static unsigned long *reached;
static bool calm;

unsigned long report_path(unsigned int i)
{
	return calm && reached ? reached[i] : coverage_count(&rare_paths[i]);
}

unsigned int report_paths_missing(unsigned int *total)
{
	unsigned int bit = coverage_workload(options.workload->name);
	unsigned int i, missing = 0, n = 0;

	for (i = 0; i < nr_rare_paths; i++) {
		if (!(rare_paths[i].workloads & bit))
			continue;
		n++;
		missing += !report_path(i);
	}
	if (total)
		*total = n;
	return missing;
}

static unsigned long failed_at(unsigned int site)
{
	unsigned long attempts, failed;

	if (calm)
		return counted[site];
	alloc_fail_stat(site, &attempts, &failed);
	return failed;
}

void report_calm(void)
{
	unsigned int site, i;

	for (site = 0; site < NR_ALLOC_SITES; site++)
		counted[site] = failed_at(site);
	reached = calloc(nr_rare_paths, sizeof(*reached));
	for (i = 0; reached && i < nr_rare_paths; i++)
		reached[i] = coverage_count(&rare_paths[i]);
	calm = true;
}

static unsigned long failures_injected(void)
{
	unsigned long sum = 0;
	unsigned int site;

	for (site = 0; site < NR_ALLOC_SITES; site++)
		sum += failed_at(site);
	return sum;
}

static unsigned int swap_full(void)
{
	long total, left;

	world_swap_pages(&total, &left);
	return total > 0 && left < total ? (total - left) * 100 / total : 0;
}

void report_progress(double elapsed, bool final)
{
	static double last_time, last_line;
	static u64 last_ops;
	bool tty = isatty(STDOUT_FILENO);
	unsigned int total, missing;
	u64 ops;

	if (options.quiet)
		return;
	if (final) {
		if (tty)
			printf("\r\033[K");
		return;
	}
	if (!tty && elapsed - last_line < PLAIN_EVERY)
		return;
	ops = workers_ops();
	missing = report_paths_missing(&total);
	printf("%s%6.1f s  %9.0f ops/s  faults %lu  swap-outs %lu  swap %u%% full  "
	       "failures injected %lu  rare paths %u/%u%s", tty ? "\r\033[K" : "", elapsed,
	       (ops - last_ops) / max(elapsed - last_time, 1e-3), vm_event(PGFAULT_SWAP),
	       vm_event(PSWPOUT), swap_full(), failures_injected(), total - missing, total,
	       tty ? "" : "\n");
	fflush(stdout);
	last_time = last_line = elapsed;
	last_ops = ops;
}

static void print_ns(u64 ns)
{
	if (ns < 10000)
		printf(" %7lu ns", ns);
	else if (ns < 10000000)
		printf(" %7.0f us", ns / 1e3);
	else
		printf(" %7.0f ms", ns / 1e6);
}

static void op_sum(enum op_id op, struct op_stat *sum)
{
	unsigned int i;

	*sum = (struct op_stat){ 0 };
	for (i = 0; i < options.threads; i++)
		op_stat_merge(sum, &workers[i].stats[op]);
}

static void print_ops(double elapsed)
{
	struct op_stat sum;
	unsigned int op;

	printf("\n%-14s %10s %10s %10s %10s %10s %10s\n", "operation", "done", "refused",
	       "per second", "p50", "p99", "max");
	for (op = 0; op < NR_OPS; op++) {
		op_sum(op, &sum);
		if (!op_stat_count(&sum))
			continue;
		printf("%-14s %10lu %10lu %10.0f", op_infos[op].name, sum.done, sum.refused,
		       op_stat_count(&sum) / elapsed);
		print_ns(op_stat_quantile(&sum, 500));
		print_ns(op_stat_quantile(&sum, 990));
		print_ns(sum.ns_max);
		putchar('\n');
	}
}

static void print_paths(void)
{
	unsigned int bit = coverage_workload(options.workload->name), i;
	unsigned long count;

	printf("\n%-52s %12s\n", "rare path", "count");
	for (i = 0; i < nr_rare_paths; i++) {
		if (!(rare_paths[i].workloads & bit))
			continue;
		count = report_path(i);
		if (count)
			printf("%-52s %12lu\n", rare_paths[i].name, count);
		else
			printf("%-52s %12s\n", rare_paths[i].name, "MISSING");
	}
}

static void print_injected(void)
{
	unsigned int site;

	printf("\n%-52s %12s\n", "allocation site", "failed");
	for (site = 0; site < NR_ALLOC_SITES; site++)
		if (failed_at(site))
			printf("%-52s %12lu\n", alloc_site_name(site), failed_at(site));
}

void report_final(double elapsed, unsigned int phases)
{
	if (options.quiet)
		return;
	print_ops(elapsed);
	if (nr_rare_paths)
		print_paths();
	if (failures_injected())
		print_injected();
	printf("\n%lu operations in %.1f s, %u times checked at rest; %lu faults, %lu swap-outs, "
	       "%lu faults read a slot and compared it\n", workers_ops(), elapsed, phases,
	       vm_event(PGFAULT_SWAP), vm_event(PSWPOUT), vm_event(PGFAULT_READ));
}

/* Tab-separated, for scripts. */
static void write_lines(FILE *out, double elapsed, const char *verdict, const char *why, unsigned int phases)
{
	unsigned int bit = coverage_workload(options.workload->name), i;
	struct op_stat sum;

	fprintf(out, "verdict\t%s\nreason\t%s\nworkload\t%s\nseed\t%lu\n", verdict, why,
		options.workload->name, options.seed);
	fprintf(out, "seconds\t%.3f\noperations\t%lu\nphases\t%u\n", elapsed, workers_ops(),
		phases);
	fprintf(out, "faults\t%lu\nswap_outs\t%lu\nfaults_compared\t%lu\n", vm_event(PGFAULT_SWAP),
		vm_event(PSWPOUT), vm_event(PGFAULT_READ));
	fprintf(out, "failures_injected\t%lu\n", failures_injected());
	for (i = 0; i < NR_OPS; i++) {
		op_sum(i, &sum);
		if (op_stat_count(&sum))
			fprintf(out, "op\t%s\t%lu\t%lu\t%lu\t%lu\t%lu\n", op_infos[i].name, sum.done,
				sum.refused, op_stat_quantile(&sum, 500),
				op_stat_quantile(&sum, 990), sum.ns_max);
	}
	for (i = 0; i < nr_rare_paths; i++)
		if (rare_paths[i].workloads & bit)
			fprintf(out, "path\t%s\t%lu\n", rare_paths[i].name,
				report_path(i));
}

/* No string in it needs escaping but the program's name and mutants, which were parsed. */
static void write_json(FILE *out, double elapsed, const char *verdict, const char *why, unsigned int phases)
{
	unsigned int bit = coverage_workload(options.workload->name), i;
	const char *comma = "";
	struct op_stat sum;

	fprintf(out, "{\n  \"verdict\": \"%s\",\n  \"reason\": \"%s\",\n  \"parameters\": \"", verdict,
		why);
	options_print(out);
	fprintf(out, "\",\n  \"workload\": \"%s\",\n  \"seed\": %lu,\n  \"seconds\": %.3f,\n",
		options.workload->name, options.seed, elapsed);
	fprintf(out, "  \"operations\": %lu,\n  \"phases\": %u,\n  \"faults\": %lu,\n"
		"  \"swap_outs\": %lu,\n  \"faults_compared\": %lu,\n"
		"  \"failures_injected\": %lu,\n  \"mutant_reached\": %s,\n  \"ops\": {", workers_ops(), phases,
		vm_event(PGFAULT_SWAP), vm_event(PSWPOUT), vm_event(PGFAULT_READ), failures_injected(),
		*mutant_reached ? "true" : "false");
	for (i = 0; i < NR_OPS; i++) {
		op_sum(i, &sum);
		if (!op_stat_count(&sum))
			continue;
		fprintf(out, "%s\n    \"%s\": { \"done\": %lu, \"refused\": %lu, \"p50_ns\": %lu, "
			"\"p99_ns\": %lu, \"max_ns\": %lu }", comma, op_infos[i].name, sum.done,
			sum.refused, op_stat_quantile(&sum, 500), op_stat_quantile(&sum, 990),
			sum.ns_max);
		comma = ",";
	}
	fprintf(out, "\n  },\n  \"paths\": {");
	comma = "";
	for (i = 0; i < nr_rare_paths; i++) {
		if (!(rare_paths[i].workloads & bit))
			continue;
		fprintf(out, "%s\n    \"%s\": %lu", comma, rare_paths[i].name,
			report_path(i));
		comma = ",";
	}
	fprintf(out, "\n  }");
	if (failure->valid) {
		fprintf(out, ",\n  \"failure\": ");
		failure_print_json(out, failure);
	}
	fprintf(out, "\n}\n");
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = __builtin_strlen(s), m = __builtin_strlen(end);

	return n >= m && !__builtin_memcmp(s + n - m, end, m);
}

int report_file(double elapsed, const char *verdict, const char *why, unsigned int phases)
{
	static struct text_memory memory;
	FILE *out;
	int err;

	if (!options.report_path)
		return 0;
	out = text_memory_begin(&memory);
	if (!out)
		abort();
	if (ends_in(options.report_path, ".report"))
		write_lines(out, elapsed, verdict, why, phases);
	else
		write_json(out, elapsed, verdict, why, phases);
	if (!text_memory_end(&memory))
		abort();
	err = durable_write(options.report_path, memory.text, memory.len);
	if (err)
		durable_print("stress", options.report_path, err, memory.text, memory.len);
	return err;
}
