// SPDX-License-Identifier: GPL-2.0-only
/* See watch.h. Built without instrumentation. */
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <sim/pulse.h>
#include "watch.h"

#define STEP_MAX 0.2			/* of our clock: the rest of a longer pause is no hang */
#define WALL 6				/* times the limit, asleep, are a hang, too */
#define ANSWER_SECONDS 5
#define REPORT_SECONDS 30

void __asan_init(void) __attribute__((weak));
void __tsan_init(void) __attribute__((weak));

static double limit;

double watch_seconds(void)
{
	if (!limit)
		limit = __asan_init || __tsan_init ? 30 : 10;
	return limit;
}

void watch_set_seconds(double seconds)
{
	limit = seconds;
}

static double read_clock(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Of the process; what cannot be read stands still. */
static double cpu_time(const struct watch *w)
{
	clockid_t clock;

	return clock_getcpuclockid(w->pid, &clock) ? w->cpu : read_clock(clock);
}

void watch_begin(struct watch *w, pid_t pid, pid_t thread)
{
	*w = (struct watch){ .pid = pid, .thread = thread, .looked = read_clock(CLOCK_MONOTONIC) };
}

static void probe(const struct watch *w)
{
	/* of the threads of a sanitizer, some would take it */
	syscall(SYS_tgkill, w->pid, w->thread, SIM_PROBE_SIGNAL);
}

/* It hangs; or, if it has begun to say so, it reports. */
static enum watch_state ask(struct watch *w, double now, double step)
{
	unsigned int answers = __atomic_load_n(&sim_pulse->answers, __ATOMIC_RELAXED);

	w->unanswered = answers == w->answers ? w->unanswered + step : 0;
	w->answers = answers;
	if (__atomic_load_n(&sim_pulse->reports, __ATOMIC_RELAXED)) {
		if (!w->reported)
			w->reported = now;
		return now - w->reported > REPORT_SECONDS ? WATCH_SILENT : WATCH_FINE;
	}
	if (w->unanswered > ANSWER_SECONDS)
		return WATCH_SILENT;
	probe(w);
	return WATCH_PROBES;
}

enum watch_state watch_look(struct watch *w)
{
	unsigned long beats = __atomic_load_n(&sim_pulse->beats, __ATOMIC_RELAXED);
	double now = read_clock(CLOCK_MONOTONIC), step = now - w->looked;

	step = step < STEP_MAX ? step : STEP_MAX;
	w->looked = now;
	if (!__atomic_load_n(&sim_pulse->runs, __ATOMIC_RELAXED) || beats != w->beats) {
		w->beats = beats;
		w->cpu = cpu_time(w);
		w->waited = w->unanswered = 0;
		return WATCH_FINE;
	}
	w->waited += step;
	if (cpu_time(w) - w->cpu < watch_seconds() && w->waited < WALL * watch_seconds())
		return WATCH_FINE;
	return ask(w, now, step);
}
