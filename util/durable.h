/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Durable files: written completely or not at all, on the disk before they are reported, and never
 * in place of something that is not a regular file.
 *
 * A file is written under a temporary name (.tmp-PID-N) in its directory, synced, and renamed or
 * linked, and the directory is synced; each of these steps can fail and is checked. Only a regular
 * file is ever replaced. A symbolic link is neither followed nor replaced: a user who means its
 * target can name the target.
 */
#ifndef _UTIL_DURABLE_H
#define _UTIL_DURABLE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * durable_check - check, before the work begins, that a file can be written
 * @path: the path of the file
 *
 * Return: NULL, or the reason why not ("is a directory", "No space left on device"): a constant, or
 * valid until the next call.
 */
const char *durable_check(const char *path);

/**
 * durable_write - write a file, and replace a regular file of that name if there is one
 * @path: the path of the file
 * @data: its content, @len bytes
 *
 * Return: 0, or a negative errno, and @path is unchanged. -EEXIST: @path exists and is not a
 * regular file.
 */
int durable_write(const char *path, const char *data, size_t len);

/* The same, but replaces nothing. Return: 0; -EEXIST if @path exists; another negative errno. */
int durable_create(const char *path, const char *data, size_t len);

/**
 * durable_keep - durable_create() under the first name that is free, or already has this content
 * @path: set to the name: "STEM.SUFFIX", "STEM-2.SUFFIX", ...; @size bytes
 * @stem: the path without its suffix
 * @suffix: without its dot; "": none
 * @data: the content, @len bytes
 *
 * Return: 0, or a negative errno.
 */
int durable_keep(char *path, size_t size, const char *stem, const char *suffix, const char *data,
		 size_t len);

/* Is it a regular file with exactly this content? */
bool durable_same(const char *path, const char *data, size_t len);

/* Makes a directory, and those above it. Return: 0, or a negative errno. */
int durable_directory(const char *path);

/**
 * durable_print - print to stdout what could not be written, so that it is not lost
 * @program: the program's name
 * @path: the path that could not be written
 * @err: the negative errno
 * @data: the text, @len bytes
 */
void durable_print(const char *program, const char *path, int err, const char *data, size_t len);

#endif /* _UTIL_DURABLE_H */
