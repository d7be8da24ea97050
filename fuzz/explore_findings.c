// SPDX-License-Identifier: GPL-2.0-only
/* Findings: a file for each distinct one, and what is told about it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "block.h"
#include "explore.h"

int make_directory(const char *path)
{
	char part[256], *slash;

	if (strlen(path) >= sizeof(part))
		return -1;
	strcpy(part, path);
	for (slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(part, 0755);
		*slash = '/';
	}
	return mkdir(path, 0755) && errno != EEXIST ? -1 : 0;
}

static u64 hash_text(const char *text)
{
	u64 hash = 14695981039346656037UL;

	/* numbers are addresses, lines, or counts: not what makes a finding another one */
	for (; *text; text++)
		if (*text < '0' || *text > '9')
			hash = (hash ^ (unsigned char)*text) * 1099511628211UL;
	return hash;
}

/* The block of a finding, to a file next to it, and for the first one to the terminal. */
static void write_block(const char *text, const char *path, const struct outcome *out, bool show)
{
	struct program_error err;
	struct program prog;
	char *block = NULL;
	size_t size = 0;
	FILE *f;

	if (program_read(&prog, path, &err))
		return;
	f = open_memstream(&block, &size);
	if (!f)
		abort();
	block_print(f, &prog, path, options.self, out);
	fclose(f);
	program_destroy(&prog);
	f = fopen(text, "w");
	if (f) {
		fputs(block, f);
		fclose(f);
	}
	if (show)
		printf("\n%s\n", block);
	free(block);
}

/* A name is durable when its directory is. */
static int sync_directory(void)
{
	int fd = open(options.out, O_RDONLY | O_DIRECTORY), err;

	if (fd < 0)
		return -1;
	err = fsync(fd);
	close(fd);
	return err;
}

/*
 * The child has written and synced it under another name. Return: false: there is such a
 * finding already, and it is kept.
 */
static bool move_finding(const char *tmp, const char *path)
{
	if (options.keep_going) {
		/* of several jobs that find it at the same time, one succeeds */
		if (!link(tmp, path)) {
			unlink(tmp);
		} else if (errno == EEXIST) {
			unlink(tmp);
			return false;
		} else if (rename(tmp, path)) {
			goto out_error;
		}
	} else if (rename(tmp, path)) {
		goto out_error;
	}
	if (sync_directory())
		goto out_error;
	return true;
out_error:
	fprintf(stderr, "explore: %s: %s\n", path, strerror(errno));
	return true;
}

static struct finding *count_finding(const char *path)
{
	unsigned int nr = __atomic_fetch_add(&shared->nr_findings, 1, __ATOMIC_RELAXED);
	struct finding *f;

	if (nr >= FINDINGS_MAX)
		return NULL;
	f = &shared->findings[nr];
	snprintf(f->path, sizeof(f->path), "%s", path);
	f->seed = progress[job]->seed;
	f->schedules = total_schedules();
	f->seconds = elapsed();
	return f;
}

void keep_finding(const char *tmp, struct outcome *out)
{
	/* where a sanitizer's summary names it: "... in FUNCTION"; a check's site is a file */
	const char *in = strstr(out->where, " in ");
	char key[256], path[480], text[500];
	struct finding *f;

	__atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
	if (!out->check[0])
		snprintf(out->check, sizeof(out->check), "EXIT-%d", out->status);
	snprintf(key, sizeof(key), "%s %s", out->check, in ? in : out->where);
	snprintf(path, sizeof(path), "%s/%s-%04lx.prog", options.out, out->check,
		 hash_text(key) & 0xffff);
	if (!move_finding(tmp, path))
		return;
	f = count_finding(path);
	printf("%sFOUND  %s  %s  (seed %lu, %lu schedules, %.1f s)\n       %s\n",
	       options.quiet ? "" : "\r\033[K", out->check, out->where, progress[job]->seed,
	       total_schedules(), elapsed(), path);
	snprintf(text, sizeof(text), "%.*s.txt", (int)strlen(path) - 5, path);
	write_block(text, path, out, f == shared->findings && !options.quiet);
	fflush(stdout);
}
