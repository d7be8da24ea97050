// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gates at tracepoints. Built without instrumentation: the flags below must not order tasks
 * for TSan.
 */
#include <sched.h>
#include <string.h>
#include <time.h>

#include <check/gate.h>
#include <kernel/bug.h>
#include <machine/task.h>

#define GATES_MAX 16
#define GATE_TIMEOUT_S 20

enum { GATE_ARMED = 1, GATE_REACHED, GATE_OPEN };

static struct gate *gates[GATES_MAX];
static unsigned int nr_gates;

static unsigned int gate_state(const struct gate *gate)
{
	return __atomic_load_n(&gate->state, __ATOMIC_SEQ_CST);
}

static void gate_spin_until(const struct gate *gate, unsigned int state, const char *what)
{
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (gate_state(gate) < state) {
		sched_yield();
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > GATE_TIMEOUT_S)
			harness_fail("GATE", CODE_SITE, "%s: no task %s at %s", what,
				     state == GATE_REACHED ? "arrived" : "opened the gate",
				     trace_name(gate->id));
	}
}

static void gate_probe(const struct trace_record *rec)
{
	struct gate *gate;
	unsigned int i, armed;

	for (i = 0; i < __atomic_load_n(&nr_gates, __ATOMIC_SEQ_CST); i++) {
		gate = gates[i];
		if (gate->id != rec->id || gate_state(gate) != GATE_ARMED)
			continue;
		if (gate->task && strcmp(gate->task, current->name))
			continue;
		if (gate->skip) {
			gate->skip--;
			continue;
		}
		armed = GATE_ARMED;
		if (!__atomic_compare_exchange_n(&gate->state, &armed, GATE_REACHED, false,
						 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			continue;
		if (gate->action) {
			gate->action();
			__atomic_store_n(&gate->state, GATE_OPEN, __ATOMIC_SEQ_CST);
			continue;
		}
		gate_spin_until(gate, GATE_OPEN, current->name);
	}
}

void gates_reset(void)
{
	nr_gates = 0;
	trace_attach(NR_TRACE_EVENTS, gate_probe);
}

void gate_act(struct gate *gate, enum trace_id id, const char *task, void (*action)(void))
{
	memset(gate, 0, sizeof(*gate));
	gate->id = id;
	gate->task = task;
	gate->action = action;
	__atomic_store_n(&gate->state, GATE_ARMED, __ATOMIC_SEQ_CST);
	if (nr_gates == GATES_MAX)
		harness_fail("GATE", CODE_SITE, "more than %d gates", GATES_MAX);
	gates[nr_gates] = gate;
	__atomic_store_n(&nr_gates, nr_gates + 1, __ATOMIC_SEQ_CST);
}

void gate_arm_nth(struct gate *gate, enum trace_id id, const char *task, unsigned int skip)
{
	gate_act(gate, id, task, NULL);
	gate->skip = skip;
}

void gate_arm(struct gate *gate, enum trace_id id, const char *task)
{
	gate_act(gate, id, task, NULL);
}

void gate_wait(struct gate *gate)
{
	gate_spin_until(gate, GATE_REACHED, "gate_wait");
}

bool gate_reached(const struct gate *gate)
{
	return gate_state(gate) >= GATE_REACHED;
}

void gate_open(struct gate *gate)
{
	__atomic_store_n(&gate->state, GATE_OPEN, __ATOMIC_SEQ_CST);
}
