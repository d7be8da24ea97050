// SPDX-License-Identifier: GPL-2.0-only
/* Files that stay. Built without instrumentation: findings are written as a process dies. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "durable.h"
#include "text.h"

#define NAMES_MAX 10000			/* of one stem */

/* TSan's wrapper waits for a lock that TSan holds while it reports a use after free. */
static int close_file(int fd)
{
	return syscall(SYS_close, fd);
}

/* The directory part, with its slash. Return: its length. */
static size_t directory_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 - path : 0;
}

static int temporary_name(char *tmp, size_t size, const char *path)
{
	static unsigned int nr;
	int n = snprintf(tmp, size, "%.*s.tmp-%d-%u", (int)directory_len(path), path, getpid(), nr++);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* A name is on the disk when its directory is. */
static int sync_directory(const char *path)
{
	size_t len = directory_len(path);
	char dir[PATH_MAX];
	int fd, err = 0;

	snprintf(dir, sizeof(dir), "%.*s", (int)len, len ? path : ".");
	fd = open(len ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* some file systems cannot, and have nothing to sync */
	if (fsync(fd) && errno != EINVAL && errno != EROFS)
		err = -errno;
	close_file(fd);
	return err;
}

static int write_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		data += n;
		len -= n;
	}
	return fsync(fd) ? -errno : 0;
}

static int write_temporary(const char *tmp, const char *data, size_t len)
{
	int fd, err;

	/* a file size limit is an error like a full disk, not the end of the process */
	signal(SIGXFSZ, SIG_IGN);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	err = write_all(fd, data, len);
	if (close_file(fd) && !err)
		err = -errno;
	if (err)
		unlink(tmp);
	return err;
}

int durable_create(const char *path, const char *data, size_t len)
{
	char tmp[PATH_MAX];
	int err = temporary_name(tmp, sizeof(tmp), path);

	if (!err)
		err = write_temporary(tmp, data, len);
	if (err)
		return err;
	if (renameat2(AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE)) {
		err = -errno;
		/* a file system that cannot do that may have links */
		if (err == -EINVAL || err == -ENOSYS)
			err = link(tmp, path) ? -errno : 0;
		unlink(tmp);
	}
	return err ? : sync_directory(path);
}

int durable_write(const char *path, const char *data, size_t len)
{
	char tmp[PATH_MAX];
	struct stat st;
	int err;

	/* what came since durable_check() */
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return -EEXIST;
	err = temporary_name(tmp, sizeof(tmp), path);
	if (!err)
		err = write_temporary(tmp, data, len);
	if (err)
		return err;
	if (rename(tmp, path)) {
		err = -errno;
		unlink(tmp);
		return err;
	}
	return sync_directory(path);
}

bool durable_same(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool same = false;
	char part[4096];
	struct stat st;
	ssize_t n = 1;

	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (size_t)st.st_size == len) {
		while (len && (n = read(fd, part, sizeof(part))) > 0 && (size_t)n <= len &&
		       !memcmp(part, data, n)) {
			data += n;
			len -= n;
		}
		same = !len;
	}
	close_file(fd);
	return same;
}

int durable_keep(char *path, size_t size, const char *stem, const char *suffix, const char *data,
		 size_t len)
{
	char number[16] = "";
	unsigned int nr;
	int n, err;

	for (nr = 1; nr < NAMES_MAX; nr++) {
		if (nr > 1)
			snprintf(number, sizeof(number), "-%u", nr);
		n = snprintf(path, size, "%s%s%s%s", stem, number, *suffix ? "." : "", suffix);
		if (n < 0 || (size_t)n >= size)
			return -ENAMETOOLONG;
		err = durable_create(path, data, len);
		if (err != -EEXIST || durable_same(path, data, len))
			return err == -EEXIST ? 0 : err;
	}
	return -EEXIST;
}

static const char *what_is_there(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "is a directory";
	case S_IFLNK:
		return "is a symbolic link: name the file itself";
	case S_IFIFO:
		return "is a FIFO, not a regular file";
	case S_IFSOCK:
		return "is a socket, not a regular file";
	default:
		return "is a device, not a regular file";
	}
}

const char *durable_check(const char *path)
{
	char tmp[PATH_MAX];
	struct stat st;
	int err;

	if (!*path)
		return "is no name of a file";
	if (!lstat(path, &st)) {
		if (!S_ISREG(st.st_mode))
			return what_is_there(st.st_mode);
	} else if (errno != ENOENT) {
		return strerror(errno);
	} else if (path[strlen(path) - 1] == '/') {
		return "is a directory, or none yet";
	}
	err = temporary_name(tmp, sizeof(tmp), path);
	if (!err)
		err = write_temporary(tmp, "", 0);
	if (err)
		return strerror(-err);
	unlink(tmp);
	return NULL;
}

int durable_directory(const char *path)
{
	char part[PATH_MAX];
	struct stat st;
	bool made;
	char *end;
	int err;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(part))
		return -ENAMETOOLONG;
	strcpy(part, path);
	for (end = part; end; ) {
		end = strchr(end + 1, '/');
		if (end)
			*end = 0;
		made = !mkdir(part, 0755);
		if (!made && errno != EEXIST && errno != EISDIR && errno != EROFS)
			return -errno;
		err = made ? sync_directory(part) : 0;
		if (err)
			return err;
		if (end)
			*end = '/';
	}
	if (stat(path, &st))
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

void durable_print(const char *program, const char *path, int err, const char *data, size_t len)
{
	const char *name = text_shown(path);

	printf("%s: %s: %s: it is not on the disk, it follows\n--- %s\n", program, name,
	       strerror(-err), name);
	fwrite(data, 1, len, stdout);
	printf("%s--- end of %s\n", len && data[len - 1] == '\n' ? "" : "\n", name);
	fflush(stdout);
}
