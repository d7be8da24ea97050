// SPDX-License-Identifier: GPL-2.0-only
/*
 * A seed that fails must not end a night: the failure is reported and saved as any other, then the
 * process starts again and skips that input. What must survive that is in a file in memory, which the
 * new process finds by its descriptor. Once a seed has failed, others may fail by the same bug: each is
 * then run in a child first, since a new start reads all of them again. Built without instrumentation.
 */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fuzz/run/watch.h>
#include <util/cli.h>
#include <util/text.h>
#include "target.h"

#define STATE "SWAPHAMMER_FUZZ_STATE"
#define DIRECTORIES_OPEN 16
#define LEFT_OUT "SWAPHAMMER_LEFT_OUT"
#define TRIAL_POLL_US 200
#define TRIAL_FAILS 77			/* as libFuzzer's own */

struct fuzz_state *fuzz_state;

/* TSan forgets in a child what came before what, and sees races with earlier schedules. */
#ifdef NATIVE_TSAN
#define CAN_FORK false
#else
#define CAN_FORK true
#endif

static char **arguments;		/* as this start was given them */
static bool outlives;			/* the state is where the next start finds it */
static bool may_restart;
static bool trial;			/* this process is a child that runs one seed */
static const u8 *input;
static size_t input_size;

u64 fuzz_hash(const void *data, size_t size)
{
	const u8 *bytes = data;
	u64 hash = size;
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3UL;
	hash ^= hash >> 32;
	return hash ? : 1;
}

/* That of the start before this one, which had this process's number. Return: NULL: there was none. */
static struct fuzz_state *inherit(void)
{
	const char *text = getenv(STATE);
	struct fuzz_state *s;
	unsigned long fd;

	if (!text || !cli_parse_number(text, 0, 1 << 20, false, &fd))
		return NULL;
	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s == MAP_FAILED)
		return NULL;
	if (s->magic == FUZZ_STATE_MAGIC && s->process == getpid())
		return s;
	munmap(s, sizeof(*s));
	return NULL;
}

/* Where no file may be that large (ulimit -f), the first seed that fails ends the run. */
static bool file_allowed(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur >= sizeof(struct fuzz_state);
}

static struct fuzz_state *create(void)
{
	struct fuzz_state *s = MAP_FAILED;
	char text[16];
	int fd = -1;

	outlives = file_allowed();
	if (outlives)
		fd = memfd_create("state", 0);
	if (!outlives)
		s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	else if (fd >= 0 && !ftruncate(fd, sizeof(*s)))
		s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s == MAP_FAILED) {
		perror("memory of what the next start is to know");
		exit(2);
	}
	s->magic = FUZZ_STATE_MAGIC;
	s->process = getpid();
	clock_gettime(CLOCK_MONOTONIC, &s->began);
	snprintf(text, sizeof(text), "%d", fd);
	if (outlives)
		setenv(STATE, text, 1);
	return s;
}

double fuzz_elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - fuzz_state->began.tv_sec + (now.tv_nsec - fuzz_state->began.tv_nsec) / 1e9;
}

/* What other processes of this session have left out: a number a line. */
static void read_left_out(void)
{
	const char *path = getenv(LEFT_OUT);
	FILE *file = path ? fopen(path, "r") : NULL;
	u64 hash;

	while (file && fuzz_state->nr_left_out < FUZZ_LEFT_OUT_MAX && fscanf(file, "%lx", &hash) == 1)
		fuzz_state->left_out[fuzz_state->nr_left_out++] = hash;
	if (file)
		fclose(file);
}

static void leave_out(u64 hash)
{
	const char *path = getenv(LEFT_OUT);
	FILE *file = path ? fopen(path, "a") : NULL;

	fuzz_state->left_out[fuzz_state->nr_left_out++] = hash;
	if (!file)
		return;
	fprintf(file, "%lx\n", hash);
	fclose(file);
}

bool fuzz_state_begin(char **argv)
{
	arguments = argv;
	fuzz_state = inherit();
	outlives = fuzz_state;
	if (fuzz_state)
		return true;
	fuzz_state = create();
	read_left_out();
	return false;
}

void seeds_begin(void)
{
	may_restart = outlives;
}

void seeds_through(void)
{
	may_restart = false;
}

static bool left_out(u64 hash)
{
	unsigned int i;

	for (i = 0; i < fuzz_state->nr_left_out; i++)
		if (fuzz_state->left_out[i] == hash)
			return true;
	return false;
}

/* A child that hangs is killed: here, the seed hangs again, and there is a thread that tells it. */
static void wait_for_trial(pid_t child)
{
	double until = fuzz_elapsed() + watch_seconds() / 2;

	while (!waitpid(child, NULL, WNOHANG)) {
		if (fuzz_elapsed() > until) {
			kill(child, SIGKILL);
			waitpid(child, NULL, 0);
			return;
		}
		usleep(TRIAL_POLL_US);
	}
}

/* Return: false in the parent, if the seed has failed in the child; true in both, if it is to be run. */
static bool try_in_child(u64 hash)
{
	pid_t parent = getpid(), child;

	if (!CAN_FORK || !may_restart || fuzz_state->nr_left_out == FUZZ_LEFT_OUT_MAX)
		return true;
	child = fork();
	if (!child) {
		trial = true;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(TRIAL_FAILS);
		return true;
	}
	if (child > 0)
		wait_for_trial(child);
	return !left_out(hash);
}

bool seeds_take(const u8 *data, size_t size)
{
	u64 hash;

	input = data;
	input_size = size;
	if (!fuzz_state->nr_left_out)
		return true;
	hash = fuzz_hash(data, size);
	return !left_out(hash) && try_in_child(hash);
}

void seeds_passed(void)
{
	if (trial)
		_exit(0);
}

/* --- which file it is --------------------------------------------------------------------- */

static char found[4096];

static int look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	bool same;
	void *map;
	int fd;

	if (type != FTW_F || (size_t)st->st_size != input_size || !input_size)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	map = mmap(NULL, input_size, PROT_READ, MAP_PRIVATE, fd, 0);
	same = map != MAP_FAILED && !memcmp(map, input, input_size);
	if (map != MAP_FAILED)
		munmap(map, input_size);
	close(fd);
	if (same)
		snprintf(found, sizeof(found), "%s", path);
	return same;
}

/* Return: NULL: it is in none of the directories, so it is no seed. */
static const char *path_of_input(void)
{
	char **arg;

	found[0] = 0;
	for (arg = arguments + 1; *arg && !found[0]; arg++)
		if (**arg != '-')
			nftw(*arg, look, DIRECTORIES_OPEN, FTW_PHYS);
	return found[0] ? found : NULL;
}

/* What -max_total_time has left, if it was given. */
static bool time_is_over(void)
{
	char **arg;
	long seconds;

	for (arg = arguments + 1; *arg; arg++) {
		seconds = strncmp(*arg, "-max_total_time=", 16) ? 0 : atol(*arg + 16);
		if (seconds > 0 && fuzz_elapsed() >= seconds)
			return true;
	}
	return false;
}

/* --- again -------------------------------------------------------------------------------- */

void seeds_failed(void)
{
	const struct itimerval off = { 0 };
	const char *path;
	sigset_t set;

	if (!may_restart || fuzz_state->nr_left_out == FUZZ_LEFT_OUT_MAX || (!trial && time_is_over()))
		return;
	path = path_of_input();
	if (!path)
		return;
	leave_out(fuzz_hash(input, input_size));
	fprintf(stderr, "seed %s fails: goes on without it\n", text_shown(path));
	if (trial)
		_exit(TRIAL_FAILS);
	/* the alarm is libFuzzer's, and a handler's signal is blocked */
	setitimer(ITIMER_REAL, &off, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	execv("/proc/self/exe", arguments);
	perror("execv");
}
