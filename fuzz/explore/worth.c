// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules that are worth a sanitizer's look (--worth): those which met rare pairs of events. A pair
 * is rare if at most RARE schedules of the run met it. Pairs become common as the run goes on, so
 * which schedules are kept depends on what was run, not on its order or on the number of jobs; only
 * a job whose slots are full forgets those that have fewer rare pairs. Built without instrumentation.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <util/durable.h>
#include <util/text.h>
#include "explore.h"

#define RARE 2				/* schedules that meet a rare pair, at most */
#define SLOTS 4096			/* schedules that a job keeps in mind */
#define LENGTH_MAX 4096			/* choices of one */
#define MET_MAX (1U << 14)		/* pairs of a schedule that count */

struct slot {
	u32 rare;			/* pairs that it is a witness of; 0: the slot is free */
	u16 generation;			/* of what is in it; 0: nothing has been */
	u16 job;
	unsigned int nr_choices;
	unsigned long position, nr;	/* its program, and the number of the schedule in it */
};

struct witness {
	u16 slot, generation;
};

/* Of a job. Shared with its children, which take turns, and with the parent. */
struct worth {
	u32 counts[PAIRS_BITS];		/* schedules that met a pair */
	struct witness witnesses[PAIRS_BITS][RARE];
	unsigned int hand;		/* where the next free slot is looked for */
	unsigned long too_long;		/* schedules that did not fit */
	struct slot slots[SLOTS];
	struct choice choices[SLOTS][LENGTH_MAX];
};

static struct worth *worths[JOBS_MAX];

/* The pairs that the schedule has met so far. */
static struct pairs_set met;
static u32 met_list[MET_MAX];
static unsigned int nr_met;

int worth_open(void)
{
	char probe[OUT_MAX + 16];
	const char *why = NULL;
	unsigned int i;
	int err;

	if (!options.worth)
		return 0;
	err = durable_directory(options.worth);
	if (!err) {
		snprintf(probe, sizeof(probe), "%s/.probe", options.worth);
		why = durable_check(probe);
	}
	if (err || why) {
		fprintf(stderr, "explore: --worth: %s: %s\n", text_shown(options.worth), why ? :
			strerror(-err));
		return -1;
	}
	for (i = 0; i < given.jobs; i++) {
		worths[i] = mmap(NULL, sizeof(*worths[i]), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (worths[i] == MAP_FAILED) {
			perror("explore: --worth: mmap");
			return -1;
		}
	}
	return 0;
}

static void meet(u32 pair)
{
	if (pairs_add(&met, pair) && nr_met < MET_MAX)
		met_list[nr_met++] = pairs_at(pair);
}

void worth_begin(void)
{
	if (!options.worth)
		return;
	memset(&met, 0, sizeof(met));
	nr_met = 0;
	progress_watch(meet);
}

/* --- what is kept in mind ----------------------------------------------------------------- */

/* Return: a slot for a schedule with @rare rare pairs, if need be that of one with fewer; or NULL. */
static struct slot *find_slot(struct worth *w, u32 rare)
{
	struct slot *least = &w->slots[0];
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		struct slot *s = &w->slots[w->hand++ % SLOTS];

		if (!s->rare)
			return s;
		if (s->rare < least->rare)
			least = s;
	}
	return least->rare < rare ? least : NULL;
}

/* The pair is not rare any more: it speaks for no schedule. */
static void make_common(struct worth *w, u32 pair)
{
	unsigned int i;

	for (i = 0; i < RARE; i++) {
		struct witness *by = &w->witnesses[pair][i];
		struct slot *s = &w->slots[by->slot];

		if (s->rare && s->generation == by->generation)
			s->rare--;
	}
}

static void keep(struct worth *w, struct slot *s, unsigned long nr, u32 rare)
{
	const struct choice *choices = sim_choices(&s->nr_choices);

	s->rare = 0;			/* a child can be killed at any time */
	if (!++s->generation)
		s->generation = 1;
	s->job = job;
	s->position = progress[job]->position;
	s->nr = nr;
	memcpy(w->choices[s - w->slots], choices, s->nr_choices * sizeof(*choices));
	s->rare = rare;
}

void worth_end(unsigned long nr)
{
	struct worth *w = worths[job];
	struct slot *s = NULL;
	unsigned int i, length;
	u32 rare = 0;

	if (!options.worth)
		return;
	for (i = 0; i < nr_met; i++) {
		w->counts[met_list[i]]++;
		rare += w->counts[met_list[i]] <= RARE;
		if (w->counts[met_list[i]] == RARE + 1)
			make_common(w, met_list[i]);
	}
	sim_choices(&length);
	if (rare && length > LENGTH_MAX)
		w->too_long++;
	else if (rare)
		s = find_slot(w, rare);
	if (s)
		keep(w, s, nr, rare);
	for (i = 0; i < nr_met; i++) {
		u32 pair = met_list[i], count = w->counts[pair];

		/* generation 0 is nobody */
		if (count <= RARE)
			w->witnesses[pair][count - 1] = s ? (struct witness){ s - w->slots, s->generation } :
							(struct witness){ 0 };
	}
}

/* --- the end of the run ------------------------------------------------------------------- */

/* Recounts what is rare: in all jobs together. */
static void add_up_jobs(void)
{
	unsigned int i, j, k;
	u32 pair, total;

	for (i = 0; i < given.jobs; i++)
		for (j = 0; j < SLOTS; j++)
			worths[i]->slots[j].rare = 0;
	for (pair = 0; pair < PAIRS_BITS; pair++) {
		for (total = 0, i = 0; i < given.jobs; i++)
			total += worths[i]->counts[pair];
		for (i = 0; i < given.jobs && total <= RARE; i++)
			for (k = 0; k < worths[i]->counts[pair]; k++) {
				struct witness *by = &worths[i]->witnesses[pair][k];
				struct slot *s = &worths[i]->slots[by->slot];

				if (s->generation && s->generation == by->generation)
					s->rare++;
			}
	}
}

static int compare(const void *a, const void *b)
{
	const struct slot *s = *(struct slot *const *)a, *t = *(struct slot *const *)b;

	if (s->rare != t->rare)
		return s->rare < t->rare ? 1 : -1;
	if (s->position != t->position)
		return s->position > t->position ? 1 : -1;
	return s->nr < t->nr ? -1 : s->nr > t->nr;
}

/*
 * Completely or not at all, but without a sync: that takes ms for each, and the files can be had again
 * from their seeds.
 */
static int write_whole(const char *path, const char *text, size_t len)
{
	char new[OUT_MAX + 64];
	int fd, err = 0;

	snprintf(new, sizeof(new), "%s/.tmp-%d", options.worth, getpid());
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	for (ssize_t n; len && !err; text += n, len -= n) {
		n = write(fd, text, len);
		if (n < 0) {
			err = errno == EINTR ? 0 : -errno;
			n = 0;
		}
	}
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(new, path))
		err = -errno;
	if (err)
		unlink(new);
	return err;
}

static int write_one(const struct slot *s)
{
	char path[OUT_MAX + 64], *text = NULL;
	struct program prog, made;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int err;

	if (!f)
		return -ENOMEM;
	prog = *explore_program(s->position, &made);
	prog.choices = worths[s->job]->choices[s - worths[s->job]->slots];
	prog.nr_choices = s->nr_choices;
	program_expect_nothing(&prog);
	fprintf(f, "# %s %lu, schedule %lu: pairs of events that at most %d schedules met: %u\n",
		options.nr_files ? "file" : "seed", s->position, s->nr + 1, RARE, s->rare);
	program_print(f, &prog);
	explore_program_done(&made);
	if (fclose(f)) {
		free(text);
		return -ENOMEM;
	}
	snprintf(path, sizeof(path), "%s/%s-%lu-%lu.prog", options.worth,
		 options.nr_files ? "file" : "seed", s->position, s->nr + 1);
	err = write_whole(path, text, len);
	if (err)
		fprintf(stderr, "explore: %s: %s\n", text_shown(path), strerror(-err));
	free(text);
	return err;
}

void worth_write(struct worth_result *result)
{
	static struct slot *slots[JOBS_MAX * SLOTS];
	unsigned int i, j, nr = 0;

	memset(result, 0, sizeof(*result));
	if (!options.worth)
		return;
	add_up_jobs();
	for (i = 0; i < given.jobs; i++) {
		result->too_long += worths[i]->too_long;
		for (j = 0; j < SLOTS; j++)
			if (worths[i]->slots[j].rare)
				slots[nr++] = &worths[i]->slots[j];
	}
	qsort(slots, nr, sizeof(*slots), compare);
	result->found = nr;
	result->planned = nr < options.worth_max ? nr : options.worth_max;
	/* what keeps one from being written keeps all */
	while (result->written < result->planned && !result->err) {
		result->err = write_one(slots[result->written]);
		result->written += !result->err;
	}
}
