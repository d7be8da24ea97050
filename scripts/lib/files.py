# SPDX-License-Identifier: GPL-2.0-only
"""Files that are there completely or not at all; a directory for each run; locks."""
import contextlib
import fcntl
import json
import os
import shutil
import stat
import time

from lib.start import Trouble


def sync_directory(path):
	"""Makes what was created or renamed in a directory last. Raises OSError."""
	fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
	try:
		os.fsync(fd)
	finally:
		os.close(fd)


def write(path, data):
	"""
	Writes a file: completely, or it stays as it was. @data is text or bytes. Nothing but a
	regular file is replaced.

	Raises: Trouble if @path is something else; OSError (no space, no rights).
	"""
	path = os.fspath(path)
	with contextlib.suppress(FileNotFoundError):
		if not stat.S_ISREG(os.stat(path).st_mode):
			raise Trouble(f"'{path}' is no regular file: it is not replaced")
	directory = os.path.dirname(path) or '.'
	new = os.path.join(directory, f'.{os.path.basename(path)}.{os.getpid()}.new')
	try:
		with open(new, 'wb') as file:
			file.write(data.encode() if isinstance(data, str) else data)
			file.flush()
			os.fsync(file.fileno())
		os.rename(new, path)
		sync_directory(directory)
	except BaseException:
		with contextlib.suppress(OSError):
			os.unlink(new)
		raise


def read_json(path):
	"""The object in a JSON file. Return: None if there is none, or not a whole one."""
	try:
		with open(path, encoding='utf-8') as file:
			value = json.load(file)
	except (OSError, ValueError):
		return None
	return value if isinstance(value, dict) else None


class Lock:
	"""
	A lock of this checkout, held until the process ends or release(). Children do not inherit
	it. The file stays: taking it away would let two hold locks of one name.
	"""

	def __init__(self, path):
		os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
		self.path = path
		self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)

	def take(self):
		"""Takes the lock if it is free. Return: whether it is ours now."""
		try:
			fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			return False
		os.ftruncate(self.fd, 0)
		os.pwrite(self.fd, f'process {os.getpid()}'.encode(), 0)
		return True

	def holder(self):
		"""Who has it, in words, as far as the file says."""
		return os.pread(self.fd, 100, 0).decode(errors='replace') or 'another process'

	def release(self):
		"""Lets go of it."""
		if self.fd >= 0:
			os.close(self.fd)
			self.fd = -1


def only_one(name):
	"""
	The lock for what only one process of a checkout may do.

	Return: the Lock, held. Raises: Trouble, which names the other process.
	"""
	lock = Lock(f'out/lock/{name}')
	if not lock.take():
		raise Trouble(f'another {name} runs in this checkout ({lock.holder()}); '
			      'use a second checkout, or wait')
	return lock


_held = []		# locks of this process's run directories


def run_directory(parent, keep=20):
	"""
	A new directory for this run: PARENT/DATE-TIME-PID, with a link PARENT/latest to it. Of the
	earlier ones the @keep - 1 latest stay, and those whose run goes on.

	Return: its path, and the names of those that were removed. Raises: OSError.
	"""
	os.makedirs(parent, exist_ok=True)
	name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
	path = os.path.join(parent, name)
	os.mkdir(path)
	lock = Lock(os.path.join(path, '.running'))
	lock.take()
	_held.append(lock)
	link = os.path.join(parent, f'.latest.{os.getpid()}')
	os.symlink(name, link)
	os.rename(link, os.path.join(parent, 'latest'))
	runs = sorted(entry.name for entry in os.scandir(parent)
		      if entry.is_dir(follow_symlinks=False) and entry.name[:1].isdigit())
	return path, [run for run in runs[:-keep] if run != name and _remove(os.path.join(parent, run))]


def _remove(run):
	"""Removes a run's directory, unless the run goes on. Return: whether it did."""
	lock = Lock(os.path.join(run, '.running'))
	try:
		if not lock.take():
			return False
		shutil.rmtree(run, ignore_errors=True)
		return True
	finally:
		lock.release()
