/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that stay: whole or not at all, on the disk before anybody is told of them, and never in
 * the place of something that is no file.
 *
 * A file is written under a temporary name (.tmp-PID-N) beside the place that it goes to, synced,
 * renamed or linked, and its directory is synced; each of these steps can fail and is looked at.
 * Only a regular file is ever replaced. A symbolic link is neither followed nor replaced: what it
 * points to is named by itself, or not meant.
 */
#ifndef _UTIL_DURABLE_H
#define _UTIL_DURABLE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * durable_check - can a file be written there? To be asked before the work begins
 * @path: where the file is to go
 *
 * Return: NULL, or why not ("is a directory", "No space left on device"): a constant, or valid
 * until the next call.
 */
const char *durable_check(const char *path);

/**
 * durable_write - write a file, in the place of a regular file of that name if there is one
 * @path: where to
 * @data: its content, @len bytes
 *
 * Return: 0, or a negative errno: then @path is what it was before. -EEXIST: there is something
 * that is no regular file.
 */
int durable_write(const char *path, const char *data, size_t len);

/* The same, but nothing is replaced. Return: 0; -EEXIST: there is something of that name. */
int durable_create(const char *path, const char *data, size_t len);

/**
 * durable_keep - durable_create() under the first name that is free, or that has this content
 * @path: set to the name: "STEM.SUFFIX", "STEM-2.SUFFIX", ...; @size bytes
 * @stem: the path without its suffix
 * @suffix: without its dot; "": none
 * @data: the content, @len bytes
 *
 * Return: 0, or a negative errno.
 */
int durable_keep(char *path, size_t size, const char *stem, const char *suffix, const char *data,
		 size_t len);

/* Is it a regular file of exactly this content? */
bool durable_same(const char *path, const char *data, size_t len);

/* Makes a directory, and those above it. Return: 0, or a negative errno. */
int durable_directory(const char *path);

/**
 * durable_print - what could not be written goes to stdout, so that it is not lost
 * @program: who says so
 * @path: where it should have gone
 * @err: the negative errno
 * @data: the text, @len bytes
 */
void durable_print(const char *program, const char *path, int err, const char *data, size_t len);

#endif /* _UTIL_DURABLE_H */
