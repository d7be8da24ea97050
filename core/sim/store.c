// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weak memory, if it is on: others see a marked store later than the task that stores. How many
 * points later is a choice, by default none. The memory has the new value at once, for the task itself,
 * for plain accesses and for checks; what is kept is the old value, which marked loads of other
 * tasks see until then.
 *
 * Memory that has just been allocated is late as a whole: all that its task has put there, plain
 * stores and zeroes included. Until it is seen others find what was there before, a pattern that
 * is no pointer, no initialised lock and no live reference.
 *
 * A store stays late at most until its task comes to a release, a full barrier, an unlock, the end
 * of a read section, a wait or the end of its operation, or until another task stores there, too. Stores to
 * one place are seen in order. That is a store buffer that does not keep stores to different places
 * in order; loads are not reordered.
 */
#include <kernel/bug.h>
#include "internal.h"

#define STORES_MAX 64			/* late ones; more: the oldest ones are seen */
#define FRESH_OLD 0x5a5a5a5a5a5a5a5aULL

bool sim_weak;
unsigned int sim_nr_late;
bool sim_was_late;

static struct late {
	unsigned long addr;
	u64 old;
	u32 points;			/* of its task, until it is seen */
	u32 size;
	u8 task;
	bool fresh;			/* just allocated: seen in parts, or as a whole */
} late[STORES_MAX];			/* in the order of the stores */

/* How late: points of the task, by the choice's value. */
static const u32 delays[SIM_STORE_DELAYS] = { 0, 1, 2, 3, 5, 10, 40, 200 };

static bool overlaps(const struct late *l, unsigned long addr, size_t size)
{
	return l->addr < addr + size && addr < l->addr + l->size;
}

static void forget(unsigned int i)
{
	/* not by libc, whose functions TSan sees */
	for (sim_nr_late--; i < sim_nr_late; i++)
		late[i] = late[i + 1];
}

/*
 * What lies in @addr.. is seen, of fresh memory what lies around it is not: two entries, if there is
 * room, in place of one. Return: how many entries are left of it.
 */
static unsigned int cut(unsigned int at, unsigned long addr, size_t size)
{
	struct late l = late[at], rest = l;
	unsigned long end = l.addr + l.size;
	unsigned int i;

	if (!l.fresh || (addr <= l.addr && addr + size >= end)) {
		forget(at);
		return 0;
	}
	if (addr + size < end) {
		rest.addr = addr + size;
		rest.size = end - rest.addr;
	}
	if (addr <= l.addr) {
		late[at] = rest;
		return 1;
	}
	late[at].size = addr - l.addr;
	if (rest.addr == l.addr || sim_nr_late == STORES_MAX)
		return 1;
	for (i = sim_nr_late++; i > at + 1; i--)
		late[i] = late[i - 1];
	late[at + 1] = rest;
	return 2;
}

/* Those before the @end-th that overlap are seen. Return: by how many there are fewer. */
static int seen_at(unsigned long addr, size_t size, unsigned int end)
{
	unsigned int i = 0, left;
	int n = 0;

	while ((int)i < (int)end - n)
		if (overlaps(&late[i], addr, size)) {
			left = cut(i, addr, size);
			i += left;
			n += 1 - (int)left;
		} else {
			i++;
		}
	return n;
}

void sim_stores_begin(void)
{
	sim_nr_late = 0;
	sim_was_late = false;
}

void sim_stores_gone(unsigned long addr, size_t size)
{
	if (sim_nr_late)
		seen_at(addr, size, sim_nr_late);
}

void sim_stores_seen(unsigned int task)
{
	unsigned int i = 0;

	while (i < sim_nr_late)
		if (late[i].task == task)
			forget(i);
		else
			i++;
}

void sim_stores_step(unsigned int task)
{
	unsigned int i = 0;

	while (i < sim_nr_late) {
		if (late[i].task != task || late[i].points--) {
			i++;
			continue;
		}
		/* those before it in the same place, too */
		i -= seen_at(late[i].addr, late[i].size, i + 1) - 1;
	}
}

static u64 value_at(unsigned long addr, size_t size)
{
	switch (size) {
	case 1:
		return *(const volatile u8 *)addr;
	case 2:
		return *(const volatile u16 *)addr;
	case 4:
		return *(const volatile u32 *)addr;
	default:
		return *(const volatile u64 *)addr;
	}
}

static void add(struct late l)
{
	if (sim_nr_late == STORES_MAX)
		seen_at(late[0].addr, late[0].size, sim_nr_late);
	l.task = sim_current->id;
	sim_was_late = true;
	late[sim_nr_late++] = l;
}

void sim_store(const volatile void *p, size_t size, bool release)
{
	unsigned long addr = (unsigned long)p;
	struct sim_task *t = sim_self();
	unsigned int i, delay;

	if (sim_muted || size > sizeof(u64))
		return;
	if (release)
		sim_stores_seen(t->task.id);
	delay = sim.alive && !sim_on_stack(addr) ? sim_choose(ANCHOR_STORE, SIM_STORE_DELAYS, 0) : 0;
	for (i = 0; i < sim_nr_late; i++)
		if (overlaps(&late[i], addr, size) &&
		    (!delay || late[i].task != t->task.id || late[i].addr != addr ||
		     late[i].size != size))
			break;
	if (i < sim_nr_late)
		seen_at(addr, size, sim_nr_late);
	if (!delay)
		return;
	add((struct late){ .addr = addr, .size = size, .points = delays[delay],
			   .old = value_at(addr, size) });
}

void sim_fresh(const volatile void *p, size_t size)
{
	unsigned int delay;

	if (sim_muted || !sim.alive || size > UINT_MAX)
		return;
	delay = sim_choose(ANCHOR_STORE, SIM_STORE_DELAYS, 0);
	if (delay)
		add((struct late){ .addr = (unsigned long)p, .size = size, .points = delays[delay],
				   .old = FRESH_OLD, .fresh = true });
}

void sim_rmw(const volatile void *p, size_t size)
{
	if (sim_muted)
		return;
	sim_stores_seen(sim_current->id);
	seen_at((unsigned long)p, size, sim_nr_late);
}

u64 sim_seen(const volatile void *p, size_t size, u64 value)
{
	unsigned long addr = (unsigned long)p;
	unsigned int i;

	if (sim_muted)
		return value;
	for (i = 0; i < sim_nr_late; i++) {
		if (!overlaps(&late[i], addr, size))
			continue;
		if (late[i].task == sim_current->id)
			return value;
		if (late[i].fresh ? addr >= late[i].addr && addr + size <= late[i].addr + late[i].size :
				    late[i].addr == addr && late[i].size == size)
			return late[i].old;
		/* in part: no such value was ever stored */
		seen_at(addr, size, sim_nr_late);
		return value;
	}
	return value;
}
