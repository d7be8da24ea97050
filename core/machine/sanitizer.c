// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sanitizers: which check a report of theirs is, and the options that every binary embeds,
 * so that it behaves the same when started by hand. Built without instrumentation.
 */
#include <stdio.h>
#include <string.h>

#include <kernel/types.h>
#include <machine/sanitizer.h>

/*
 * By the words of a report's summary; the first that fits. A kind is one check whichever
 * sanitizer says it: a NULL dereference is CRASH in all variants, also in one without any.
 */
static const struct {
	const char *words, *check;
} kinds[] = {
	{ "data race", "RACE" },
	{ "use-after", "UAF" },			/* heap-use-after-free, use-after-poison, ... */
	{ "double-free", "UAF" },
	{ "bad-free", "UAF" },
	{ "stack-overflow", "STACK-OVERFLOW" },
	{ "overflow", "OOB" },			/* heap-buffer-overflow, ... */
	{ "underflow", "OOB" },
	{ "out-of-bounds", "OOB" },
	{ "unknown-crash", "OOB" },
	{ "undefined-behavior", "UBSAN" },
	{ "SEGV", "CRASH" },
	{ "BUS", "CRASH" },
	{ "ABRT", "CRASH" },
	{ "ILL", "CRASH" },
	{ "FPE", "CRASH" },
};

static char summary[256];

const char *sanitizer_classify(const char *text)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strstr(text, kinds[i].words))
			return kinds[i].check;
	return "SANITIZER";
}

/*
 * SUMMARY: AddressSanitizer: heap-use-after-free core/swap/table.c:61:9 in swap_table_get
 * SUMMARY: ThreadSanitizer: data race core/mm/fault.c:99:3 in map_one
 *
 * Function names may hold any word of the table, so only the kind is looked at.
 */
const char *sanitizer_check(const char **site, const char **kind)
{
	static char words[96];
	const char *text = summary, *end;

	if (!strncmp(text, "SUMMARY: ", 9))
		text += 9;
	end = strstr(text, ": ");
	end = end ? end + 2 : text;
	/* the kind ends where a path, or "(MODULE+OFFSET)", begins */
	if (!strncmp(end, "data race", 9))
		end += strlen("data race");
	end += strcspn(end, " ");
	snprintf(words, sizeof(words), "%.*s", (int)(end - text), text);
	*kind = words[0] ? words : "a report without a summary";
	/* of an interceptor it names the binary, which says nothing */
	if (!strncmp(end, " (", 2) && strstr(end, " in "))
		end = strstr(end, " in ");
	*site = *end ? end + 1 : "?";
	return sanitizer_classify(words);
}

/* Called by every sanitizer after its report; the default one prints. */
void __sanitizer_report_error_summary(const char *error_summary);
void __sanitizer_report_error_summary(const char *error_summary)
{
	snprintf(summary, sizeof(summary), "%s", error_summary);
	fprintf(stderr, "%s\n", error_summary);
}

/* --- options ------------------------------------------------------------------------------ */

const char *__asan_default_options(void);
const char *__tsan_default_options(void);
const char *__ubsan_default_options(void);
const char *__lsan_default_options(void);
const char *__tsan_default_suppressions(void);

const char *__asan_default_options(void)
{
	return "exitcode=1:halt_on_error=1:abort_on_error=0:detect_leaks=0:print_legend=0:"
	       "detect_stack_use_after_return=0:handle_abort=1";
}

const char *__tsan_default_options(void)
{
	/* fibers count as threads that still run: without atexit_sleep_ms each exit takes a second */
	return "exitcode=1:halt_on_error=1:detect_deadlocks=0:history_size=4:report_signal_unsafe=0:"
	       "atexit_sleep_ms=0:"
	       /* an interrupted run leaves threads as they are; the code under test starts none */
	       "report_thread_leaks=0:"
	       "suppress_equal_stacks=0:suppress_equal_addresses=0";
}

const char *__ubsan_default_options(void)
{
	return "exitcode=1:halt_on_error=1:print_stacktrace=1";
}

const char *__lsan_default_options(void)
{
	return "exitcode=1";
}

/* Debian's liburcu is not instrumented; our annotations say what it orders. */
const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:liburcu-memb\n";
}
