# SPDX-License-Identifier: GPL-2.0-only
"""How much room the nights take, and that it stays below what was allowed."""
import os
import shutil

from lib import files

FLOOR = 64 << 20	# bytes that have to be free


def used(path):
	"""Bytes below a directory, as the disk counts them."""
	total = 0
	for directory, _, names in os.walk(path):
		for name in names:
			try:
				total += os.lstat(os.path.join(directory, name)).st_blocks * 512
			except OSError:
				continue
	return total


def free(path):
	"""Bytes that are free on the disk of a directory."""
	info = os.statvfs(path)
	return info.f_bavail * info.f_frsize


def megabytes(number):
	"""A number of bytes, in words."""
	return f'{number / (1 << 20):.0f} MB'


def prune(runs, keep, limit, home, now):
	"""
	Removes the oldest nights until there are no more than @keep and @home takes no more than
	@limit bytes; never @now, the one that runs. Return: the names of those that were removed.
	"""
	names = sorted(entry.name for entry in os.scandir(runs) if entry.is_dir(follow_symlinks=False))
	old = [name for name in names if name != now]
	removed = []
	while old and (len(old) >= keep or used(home) > limit):
		removed.append(old.pop(0))
		shutil.rmtree(os.path.join(runs, removed[-1]), ignore_errors=True)
	if removed:
		files.sync_directory(runs)
	return removed
