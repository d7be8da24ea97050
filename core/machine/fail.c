// SPDX-License-Identifier: GPL-2.0-only
/*
 * The failure block: the first failed check ends the run with everything that is known. Built
 * without instrumentation, since it looks at what other tasks are writing.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <machine/failure.h>
#include <machine/machine.h>
#include <machine/sanitizer.h>
#include <machine/warn.h>
#include <machine/stack.h>
#include <machine/tsan.h>

#define HOOKS_MAX 8
#define EVENTS_SHOWN 40

static void (*hooks[HOOKS_MAX])(FILE *out);
static const char *(*sentence_of)(const char *check);
static void (*event_printer)(FILE *out, const struct task_struct *task,
			     const struct trace_record *rec);
static pid_t failing;			/* the thread whose failure is the first; 0 */
static const char *failed_check;
static void (*report_end)(void);

#define WAIT_MS 5000

/*
 * Only the first failure is reported. Another thread's waits until the report ends the process, or for
 * WAIT_MS if it is a sanitizer's, which might keep the report from its end.
 * Return: is this the first one? If not, what reports has failed itself, or the wait is over.
 */
static bool fail_begin(bool bounded)
{
	pid_t first = 0, self = gettid();
	unsigned int ms;

	if (__atomic_compare_exchange_n(&failing, &first, self, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		return true;
	for (ms = 0; first != self && (!bounded || ms < WAIT_MS); ms += 10)
		usleep(10000);
	return false;
}

void report_add_hook(void (*fn)(FILE *out))
{
	unsigned int i;

	for (i = 0; i < HOOKS_MAX && hooks[i]; i++)
		if (hooks[i] == fn)
			return;
	if (i < HOOKS_MAX)
		hooks[i] = fn;
}

const char *report_check(void)
{
	return failed_check;
}

void report_set_end(void (*fn)(void))
{
	report_end = fn;
}

void report_set_event_printer(void (*fn)(FILE *out, const struct task_struct *task,
					 const struct trace_record *rec))
{
	event_printer = fn;
}

void report_set_sentence(const char *(*fn)(const char *check))
{
	sentence_of = fn;
}

static void report_events(FILE *out)
{
	const struct task_event *shown[EVENTS_SHOWN], *e;
	const struct task_struct *t, *owner[EVENTS_SHOWN];
	unsigned int id, i, j, n = 0;

	/* keep the EVENTS_SHOWN latest, sorted */
	for (id = 0; id < machine_nr_tasks(); id++) {
		t = machine_task(id);
		if (!t)
			continue;
		for (i = 0; i < TASK_EVENTS_MAX && i < t->event_seq; i++) {
			e = &t->events[i];
			for (j = n; j > 0 && shown[j - 1]->seq < e->seq; j--)
				if (j < EVENTS_SHOWN) {
					shown[j] = shown[j - 1];
					owner[j] = owner[j - 1];
				}
			if (j < EVENTS_SHOWN) {
				shown[j] = e;
				owner[j] = t;
				if (n < EVENTS_SHOWN)
					n++;
			}
		}
	}
	fprintf(out, "last events\n");
	while (n--) {
		e = shown[n];
		fprintf(out, "      %8lu  %-12s %-28s", e->seq, owner[n]->name,
			trace_name(e->rec.id));
		if (event_printer)
			event_printer(out, owner[n], &e->rec);
		if (e->times > 1)
			fprintf(out, " (%lu times)", e->times);
		fputc('\n', out);
	}
}

/* Every task's state as it is in the record, and the last events of all. */
static void report_tasks(FILE *out)
{
	unsigned int i;

	for (i = 0; i < failure->nr_tasks; i++)
		failure_print_task(out, &failure->tasks[i]);
	report_events(out);
}

static void report_hooks(FILE *out)
{
	unsigned int i;

	for (i = 0; i < HOOKS_MAX && hooks[i]; i++)
		hooks[i](out);
	fflush(out);
	if (report_end)
		report_end();
}

/* A place in the harness does not say which code it looked at. */
static const char *looked_at(const char *site)
{
	return stack_under_test(site) ? NULL : stack_function();
}

/* The record, and what the report says first. @function: of the code under test, or NULL. */
static void fail_head(const char *check, const char *site, const char *function, const char *fmt,
		      va_list args)
{
	const char *sentence = sentence_of ? sentence_of(check) : NULL;

	failed_check = check;
	failure_fill(check, site, function, fmt, args);
	fprintf(stderr, "\nFAIL  %s  %s\n", check, failure->site);
	if (sentence)
		fprintf(stderr, "      %s\n", sentence);
	fprintf(stderr, "      ");
	failure_print_text(stderr, failure->text);
	fputc('\n', stderr);
}

/* With --warn=go: what the run went on after. */
static void print_warnings(void)
{
	const struct warning *w;
	unsigned int i;

	for (i = 0; (w = warn_get(i)); i++)
		fprintf(stderr, "      after WARN %s: %s: %s (task %s)\n", w->site, w->func, w->text,
			w->task);
	if (warn_count() > WARNINGS_MAX)
		fprintf(stderr, "      and %u more\n", warn_count() - WARNINGS_MAX);
}

void harness_fail(const char *check, const char *site, const char *fmt, ...)
{
	va_list args;

	if (!fail_begin(false))
		_exit(1);
	tsan_ignore_begin();
	va_start(args, fmt);
	fail_head(check, site, looked_at(site), fmt, args);
	va_end(args);
	print_warnings();
	report_tasks(stderr);
	report_hooks(stderr);
	_exit(1);
}

static void sanitizer_head(const char *check, const char *site, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_head(check, site, NULL, fmt, args);
	va_end(args);
}

#define REPORT_SECONDS 120

/* What waits for a lock that TSan holds waits for ever, and so does the watchdog: then the process is killed. */
static void report_ends(void)
{
	struct itimerspec in = { .it_value.tv_sec = REPORT_SECONDS };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL };
	timer_t timer;

	if (!timer_create(CLOCK_MONOTONIC, &event, &timer))
		timer_settime(timer, 0, &in, NULL);
}

/*
 * A sanitizer has printed its report and is about to end the process. After a use after free TSan still holds the lock
 * of this thread's clock: nothing from here on may free memory, or order anything in TSan's eyes.
 */
static void sanitizer_death(void)
{
	const char *check, *site, *kind;

	if (!fail_begin(true))
		return;
	tsan_ignore_begin();
	tsan_ignore_sync_begin();
	report_ends();
	check = sanitizer_check(&site, &kind);
	sanitizer_head(check, site, "%s: see its report", kind);
	print_warnings();
	report_tasks(stderr);
	report_hooks(stderr);
}

void report_stacks(const char *check, const struct stack *stacks, unsigned int nr,
		   const char *fmt, ...)
{
	static struct stack_text text;
	va_list args;

	/* what reports a failure crashes or hangs itself */
	if (!fail_begin(false))
		_exit(1);
	tsan_ignore_begin();
	stack_describe(stacks, nr, &text);
	va_start(args, fmt);
	fail_head(check, text.site, NULL, fmt, args);
	va_end(args);
	fprintf(stderr, "stack\n%s", text.lines);
	report_tasks(stderr);
	report_hooks(stderr);
	_exit(1);
}

#define NULL_PAGES 65536UL		/* a member of a struct at NULL */

static void fatal_signal(int sig, siginfo_t *info, void *context)
{
	unsigned long addr = (unsigned long)info->si_addr;
	char at[48] = "";
	struct stack stack;

	/* another wild address is no other crash */
	if (sig == SIGSEGV && addr >= NULL_PAGES)
		strcpy(at, ", at a wild address");
	else if (sig == SIGSEGV)
		snprintf(at, sizeof(at), ", at NULL + %lu", addr);
	stack_take(&stack, context, true);
	report_stacks("CRASH", &stack, 1, "signal %d (%s)%s, in %s", sig, strsignal(sig), at,
		      current && current->op ? current->op : "no operation");
}

void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));
void report_init(void);

void report_init(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
	struct sigaction action = { .sa_sigaction = fatal_signal,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK }, old;
	static bool done;
	unsigned int i;

	if (done)
		return;
	done = true;
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(sanitizer_death);
	stack_prepare();
	/* a sanitizer's own handlers say more */
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}
