/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pulse of the controlled machine: the state of the running schedule that another process or
 * thread can see. It shows when the code under test has entered a loop without a scheduling point,
 * and keeps the schedule that led there.
 */
#ifndef _SIM_PULSE_H
#define _SIM_PULSE_H

#include <machine/choice.h>

struct sim_pulse {
	unsigned long beats;		/* scheduling points, of all schedules */
	bool runs;			/* a schedule runs */
	unsigned int answers;		/* to probes */
	bool reports;			/* a failure is being reported */
	unsigned int nr_choices;	/* of the schedule that runs, or ran last */
	struct choice choices[SIM_CHOICES_MAX];
};

/* Never NULL. */
extern struct sim_pulse *sim_pulse;

/* From now on this process shares its pulse with the children that it forks. */
void sim_pulse_share(void);

/*
 * sim_pulse_probe() asks the machine where it is, from another process or thread. This many probes
 * without a beat between them end it with the check HANG; a single probe has no effect.
 */
#define SIM_PROBES 32
#define SIM_PROBE_SIGNAL SIGSYS		/* TSan defers those that are not synchronous */

/**
 * sim_pulse_catch - accept probes
 * @seconds: time after which the watcher probes; for the report
 *
 * Context: the process that runs schedules, before the first one.
 */
void sim_pulse_catch(double seconds);

#endif /* _SIM_PULSE_H */
