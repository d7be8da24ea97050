// SPDX-License-Identifier: GPL-2.0-only
/* See pulse.h. Built without instrumentation. */
#include <signal.h>
#include <sys/mman.h>

#include <kernel/bug.h>
#include <machine/stack.h>
#include "internal.h"

struct sim_pulse *sim_pulse;

static double hang_seconds;
static struct stack probes[SIM_PROBES];
static unsigned int nr_probes;
static unsigned long beats_before;

static struct sim_pulse *pulse_new(int visibility)
{
	struct sim_pulse *pulse = mmap(NULL, sizeof(*pulse), PROT_READ | PROT_WRITE,
				       visibility | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pulse == MAP_FAILED)
		harness_fail("SETUP", CODE_SITE, "no address space for a record");
	return pulse;
}

void sim_pulse_init(void)
{
	if (!sim_pulse)
		sim_pulse = pulse_new(MAP_PRIVATE);
}

void sim_pulse_share(void)
{
	sim_pulse = pulse_new(MAP_SHARED);
}

/* The innermost function common to several probes is the one that loops. */
static void probed(int sig, siginfo_t *info, void *context)
{
	struct sim_pulse *pulse = sim_pulse;
	const struct task_struct *t = sim_current;

	if (!pulse->runs || pulse->reports || !t)
		return;
	pulse->answers++;
	if (pulse->beats != beats_before)
		nr_probes = 0;
	beats_before = pulse->beats;
	stack_take(&probes[nr_probes++], context, false);
	if (nr_probes < SIM_PROBES)
		return;
	pulse->reports = true;
	report_stacks("HANG", probes, SIM_PROBES,
		      "no scheduling point for %g s, in %s of " OBJ_TASK " (%s)%s", hang_seconds,
		      t->op ? t->op : "no operation", t->id, t->name,
		      sim_muted ? ", in a check" : "");
}

void sim_pulse_catch(double seconds)
{
	struct sigaction action = { .sa_sigaction = probed,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	sim_pulse_init();
	hang_seconds = seconds;
	stack_prepare();
	sigaction(SIM_PROBE_SIGNAL, &action, NULL);
}
