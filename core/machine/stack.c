// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of a crash or a loop. They are taken by libc, which unwinds through the frames of signal
 * handlers and of fibers, and named by a symbolizer, in a process of its own. Built without
 * instrumentation.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <kernel/types.h>
#include <machine/alloc.h>
#include <machine/stack.h>

#define HANDLERS_MAX 16			/* frames of signal handlers, a sanitizer's among them */
#define ADDRESSES_MAX 160
#define INLINED_MAX 8			/* functions at one address */
#define LINES_MAX 64			/* of a stack */
#define OUTPUT_MAX (96UL << 10)

#define STRING(x) #x
#define STRING_OF(x) STRING(x)

/* --- taking it --------------------------------------------------------------------------------- */

static void registers(const void *context, void **pc, void ***sp)
{
	const ucontext_t *uc = context;

#if defined(__x86_64__)
	*pc = (void *)uc->uc_mcontext.gregs[REG_RIP];
	*sp = (void **)uc->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	*pc = (void *)uc->uc_mcontext.pc;
	*sp = NULL;
#else
#error "which registers are the program counter and the stack pointer?"
#endif
}

/* Return: is there a word at that address? */
static bool read_word(void **from, void **word)
{
	struct iovec to = { word, sizeof(*word) }, at = { from, sizeof(*word) };

	return process_vm_readv(getpid(), &to, 1, &at, 1, 0) == sizeof(*word);
}

/*
 * libc's own backtrace() and sigaction(), which a sanitizer wraps: TSan's wrappers, and its handler of signals, take
 * locks of its run-time, which the task that is interrupted may hold.
 */
static int (*libc_backtrace)(void **frames, int size) = backtrace;
static int (*libc_sigaction)(int sig, const struct sigaction *new, struct sigaction *old) = sigaction;

static void find_libc(void)
{
	void *found = dlsym(RTLD_NEXT, "backtrace");

	if (found)
		libc_backtrace = found;
	found = dlsym(RTLD_NEXT, "sigaction");
	if (found)
		libc_sigaction = found;
}

void stack_probe_by(int sig, void (*probed)(int sig, siginfo_t *info, void *context))
{
	struct sigaction action = { .sa_sigaction = probed, .sa_flags = SA_SIGINFO | SA_RESTART };

	find_libc();
	libc_sigaction(sig, &action, NULL);
}

static sigjmp_buf gave_up;

static void give_up(int sig)
{
	siglongjmp(gave_up, 1);
}

/*
 * The unwinder follows what it finds on the stack, and that may have been overwritten. If it crashes, it has found
 * nothing: the report is still to come. Not with several threads, which share handlers.
 */
static int unwind_last(void **frames, int max)
{
	struct sigaction action = { .sa_handler = give_up, .sa_flags = SA_NODEFER }, segv, bus;
	sigset_t faults, mask;
	volatile int nr = 0;

	if (!machine_drops_memory)
		return libc_backtrace(frames, max);
	sigemptyset(&faults);
	sigaddset(&faults, SIGSEGV);
	sigaddset(&faults, SIGBUS);
	sigaction(SIGSEGV, &action, &segv);
	sigaction(SIGBUS, &action, &bus);
	sigprocmask(SIG_UNBLOCK, &faults, &mask);
	if (!sigsetjmp(gave_up, 0))
		nr = libc_backtrace(frames, max);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	return nr;
}

void stack_take(struct stack *stack, const void *context, bool last)
{
	void *frames[HANDLERS_MAX + STACK_FRAMES_MAX], *pc, **sp;
	int nr = (last ? unwind_last : libc_backtrace)(frames, HANDLERS_MAX + STACK_FRAMES_MAX), i;

	registers(context, &pc, &sp);
	stack->nr = 0;
	for (i = 0; i < nr && frames[i] != pc; i++)
		;
	for (; i < nr && stack->nr < STACK_FRAMES_MAX; i++)
		stack->pc[stack->nr++] = frames[i];
	if (stack->nr > 1)
		return;
	/* a call of what is no function: the unwinder gives up, but the caller is on the stack */
	stack->pc[0] = pc;
	stack->nr = 1 + (sp && read_word(sp, &stack->pc[1]));
}

void stack_here(struct stack *stack)
{
	int nr = unwind_last(stack->pc, STACK_FRAMES_MAX);

	stack->nr = nr > 0 ? nr : 0;
}

/* --- naming it --------------------------------------------------------------------------------- */

/* One address: the innermost function first, of those that are inlined there. */
struct name {
	const void *pc;
	unsigned int nr;
	struct stack_place lines[INLINED_MAX];
};

static struct name names[ADDRESSES_MAX];
static unsigned int nr_names;
static char output[OUTPUT_MAX];

/* Where the program itself is loaded. */
static int first_base(struct dl_phdr_info *info, size_t size, void *base)
{
	*(unsigned long *)base = info->dlpi_addr;
	return 1;
}

static void __noreturn symbolizer(int out, char **args)
{
	static const char *const programs[] = {
		("llvm-symbolizer-" STRING_OF(__clang_major__)), "llvm-symbolizer", "addr2line",
	};
	unsigned int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* not by TSan's interceptors, whose locks may be another thread's */
	syscall(SYS_dup2, out, 1);
	syscall(SYS_close, 2);
	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		args[0] = (char *)programs[i];
		args[1] = i < 2 ? "--output-style=GNU" : "-f";
		execvp(args[0], args);
	}
	_exit(127);
}

/* Return: bytes of its output; 0: there is no symbolizer. */
static size_t run_symbolizer(char **args)
{
	int fds[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(fds))
		return 0;
	/* without handlers: TSan's would wait for a thread that was stopped inside of it */
	pid = _Fork();
	if (!pid)
		symbolizer(fds[1], args);
	close(fds[1]);
	while (pid > 0 && (n = read(fds[0], output + len, OUTPUT_MAX - 1 - len)) > 0)
		len += n;
	close(fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	output[len] = 0;
	return len;
}

static void copy(char *to, size_t size, const char *from, size_t len)
{
	if (len > size - 1)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = 0;
}

/* "FUNCTION at FILE:LINE", of which either may be unknown. */
static void parse_line(struct name *name, const char *text, size_t len)
{
	struct stack_place *line = &name->lines[name->nr];
	const char *at = memmem(text, len, " at ", 4), *place;

	if (name->nr == INLINED_MAX || !at || *text == '?')
		return;
	copy(line->function, sizeof(line->function), text, at - text);
	place = at + 4;
	while (!strncmp(place, "./", 2))
		place += 2;
	/* addr2line adds a discriminator */
	copy(line->place, sizeof(line->place), place, strcspn(place, " \n"));
	/* not known; of an assembler's object without debug information there is the name of a file alone */
	if (line->place[0] == '?' || strstr(line->place, ".o:"))
		line->place[0] = 0;
	name->nr++;
}

static void parse_output(struct name *const *asked, unsigned int nr)
{
	static const char inlined[] = " (inlined by) ";
	const char *text = output;
	unsigned int i = 0;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!strncmp(text, inlined, strlen(inlined))) {
			if (i)
				parse_line(asked[i - 1], text + strlen(inlined),
					   len - strlen(inlined));
		} else if (len && i < nr) {
			parse_line(asked[i++], text, len);
		}
	}
}

/* What the dynamic linker knows: a library's functions, and those that are not static. */
static void name_by_linker(struct name *name)
{
	const char *slash;
	Dl_info info;

	if (!dladdr(name->pc, &info) || !info.dli_fname)
		return;
	slash = strrchr(info.dli_fname, '/');
	snprintf(name->lines[0].function, sizeof(name->lines[0].function), "%s",
		 info.dli_sname ? info.dli_sname : "?");
	snprintf(name->lines[0].place, sizeof(name->lines[0].place), "(%s)",
		 slash ? slash + 1 : info.dli_fname);
	name->nr = 1;
}

static struct name *find_name(const void *pc)
{
	unsigned int i;

	for (i = 0; i < nr_names; i++)
		if (names[i].pc == pc)
			return &names[i];
	return NULL;
}

static void collect(const struct stack *stacks, unsigned int nr)
{
	unsigned int i, j;

	nr_names = 0;
	/* the last one is drawn: none of it is missing */
	for (i = nr; i--; )
		for (j = 0; j < stacks[i].nr; j++)
			if (nr_names < ADDRESSES_MAX && !find_name(stacks[i].pc[j]))
				names[nr_names++] = (struct name){ .pc = stacks[i].pc[j] };
}

/* Is it where the thread is, rather than where a call will return to? */
static bool innermost(const struct stack *stacks, unsigned int nr, const void *pc)
{
	while (nr--)
		if (stacks[nr].pc[0] == pc)
			return true;
	return false;
}

static void name_all(const struct stack *stacks, unsigned int nr)
{
	static char file[4096], numbers[ADDRESSES_MAX][20];
	char *args[ADDRESSES_MAX + 8] = { NULL, NULL, "-f", "-i", "-p", "-e", file };
	struct name *asked[ADDRESSES_MAX];
	unsigned int i, nr_args = 7, nr_asked = 0;
	unsigned long base = 0;
	ssize_t len = readlink("/proc/self/exe", file, sizeof(file) - 1);
	Dl_info self, info;

	file[len > 0 ? len : 0] = 0;
	dl_iterate_phdr(first_base, &base);
	if (!dladdr(stack_prepare, &self))
		return;
	for (i = 0; i < nr_names; i++) {
		if (!dladdr(names[i].pc, &info) || info.dli_fbase != self.dli_fbase)
			continue;
		/* the call is before the address that it returns to */
		snprintf(numbers[nr_asked], sizeof(numbers[0]), "0x%lx",
			 (unsigned long)names[i].pc - base - !innermost(stacks, nr, names[i].pc));
		args[nr_args++] = numbers[nr_asked];
		asked[nr_asked++] = &names[i];
	}
	if (nr_asked && run_symbolizer(args))
		parse_output(asked, nr_asked);
	for (i = 0; i < nr_names; i++)
		if (!names[i].nr)
			name_by_linker(&names[i]);
}

/* --- telling it -------------------------------------------------------------------------------- */

/* One stack, with what is inlined; the innermost first. */
struct lines {
	unsigned int nr;
	const struct stack_place *line[LINES_MAX];
};

static void expand(const struct stack *stack, struct lines *lines)
{
	const struct name *name;
	unsigned int i, j;

	lines->nr = 0;
	for (i = 0; i < stack->nr; i++) {
		name = find_name(stack->pc[i]);
		for (j = 0; name && j < name->nr && lines->nr < LINES_MAX; j++)
			lines->line[lines->nr++] = &name->lines[j];
	}
}

/* How many lines of them are the same functions, from the outermost on? */
static unsigned int common(const struct lines *a, const struct lines *b)
{
	unsigned int n = 0;

	while (n < a->nr && n < b->nr && !strcmp(a->line[a->nr - 1 - n]->function,
						 b->line[b->nr - 1 - n]->function))
		n++;
	return n;
}

bool stack_under_test(const char *place)
{
	static const char *const harness[] = {
		"core/machine/", "core/sim/", "core/native/", "core/check/", "core/kernel/",
		"core/linux/", "core/world/", "fuzz/", "stress/", "util/", "/usr/", "(",
	};
	unsigned int i;

	if (!*place)
		return false;
	if (strstr(place, "/test/"))
		return true;
	for (i = 0; i < ARRAY_SIZE(harness); i++)
		if (!strncmp(place, harness[i], strlen(harness[i])))
			return false;
	return true;
}

/* Return: the innermost line of the code under test, from @i on; the number of lines if there is none. */
static unsigned int find_under_test(const struct lines *lines, unsigned int i)
{
	while (i < lines->nr && !stack_under_test(lines->line[i]->place))
		i++;
	return i;
}

static void find_site(const struct lines *last, unsigned int shared, struct stack_text *text)
{
	unsigned int first = last->nr - shared, i = find_under_test(last, first);

	if (i == last->nr)
		i = first;
	if (i < last->nr)
		snprintf(text->site, sizeof(text->site), "%s in %s", last->line[i]->place[0] ?
			 last->line[i]->place : "?", last->line[i]->function);
}

void stack_describe(const struct stack *stacks, unsigned int nr, struct stack_text *text)
{
	static struct lines last, other;
	unsigned int i, shared, n;
	size_t len = 0;

	strcpy(text->site, "?");
	text->lines[0] = 0;
	collect(stacks, nr);
	name_all(stacks, nr);
	expand(&stacks[nr - 1], &last);
	shared = last.nr;
	for (i = 0; i + 1 < nr; i++) {
		expand(&stacks[i], &other);
		n = common(&last, &other);
		shared = n < shared ? n : shared;
	}
	/* stacks that have nothing in common: the last one as it is */
	find_site(&last, shared ? : last.nr, text);
	for (i = 0; i < last.nr && len < sizeof(text->lines); i++)
		len += snprintf(text->lines + len, sizeof(text->lines) - len, "    #%u %s %s\n", i,
				last.line[i]->function, last.line[i]->place);
}

void stack_places(const struct stack *stacks, unsigned int nr, struct stack_place *places)
{
	static struct lines lines;
	unsigned int i, n, batch;

	for (; nr; stacks += batch, places += batch, nr -= batch) {
		for (n = 0, batch = 0; batch < nr && (!batch || n + stacks[batch].nr <= ADDRESSES_MAX); batch++)
			n += stacks[batch].nr;
		collect(stacks, batch);
		name_all(stacks, batch);
		for (i = 0; i < batch; i++) {
			expand(&stacks[i], &lines);
			n = find_under_test(&lines, 0);
			memset(&places[i], 0, sizeof(places[i]));
			if (n < lines.nr)
				places[i] = *lines.line[n];
		}
	}
}
