# SPDX-License-Identifier: GPL-2.0-only
"""scripts/setup and ninja, with progress; never two at a time in one checkout."""
import contextlib
import os
import re
import subprocess
import time

from lib import files, job
from lib.start import Trouble
from lib.trees import graph

LOG = 'out/build.log'


def setup():
	"""Installs what is missing; writes out/toolchain.ninja. Raises: Trouble, Interrupted."""
	ended = job.run(['scripts/setup'])
	if ended.status != 0:
		raise Trouble(f'scripts/setup: {ended.words()}')


@contextlib.contextmanager
def waiting(path, progress, what):
	"""
	Holds a lock, and waits for it.

	@path: of the lock's file
	@what: who else may have it, for the user

	Raises: Interrupted.
	"""
	lock = files.Lock(path)
	while not lock.take():
		progress.live(f'waits for {what} ({lock.holder()})')
		job.sleep(0.5)
		job.check()
	progress.settle()
	try:
		yield
	finally:
		lock.release()


def locked(progress):
	"""
	The lock on the build directory. Every ninja that reads or writes its logs holds it, -n
	included: ninja cuts a log that another one is writing. Raises: Interrupted.
	"""
	return waiting('out/lock/build', progress, 'another build in this checkout')


def ninja(arguments, progress):
	"""
	Runs ninja with @arguments and nothing around it, for tests.

	Return: subprocess.CompletedProcess, both streams in its stdout. Raises: Interrupted.
	"""
	with locked(progress):
		return subprocess.run(['ninja', *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
				      text=True, errors='replace', check=False)


class _Edges:
	"""Reads ninja's log as it grows: how many of its edges are done."""

	def __init__(self, progress):
		self.progress = progress
		self.began = time.monotonic()
		self.at = 0
		self.of = (0, 0)

	def tick(self):
		with open(LOG, 'rb') as file:
			file.seek(self.at)
			new = file.read()
		whole = new[:new.rfind(b'\n') + 1]
		self.at += len(whole)
		found = re.findall(rb'^\[(\d+)/(\d+)\]', whole, re.M)
		if found:
			self.of = tuple(map(int, found[-1]))
		done, total = self.of
		if total:
			self.progress.live(f'building {done}/{total} ({100 * done // total} %), '
					   f'{time.monotonic() - self.began:.0f} s')


def build(targets, progress, keep_going=False, file='build.ninja'):
	"""
	Sets up and builds @targets, a list of ninja's. A failed build is shown.

	@progress: Progress that shows how far it is
	@keep_going: build what can be built, after an error
	@file: the graph: another one than ours is lib.trees.graph.TOP

	Raises: Trouble if the build fails; Interrupted.
	"""
	os.makedirs('out', exist_ok=True)
	with locked(progress):
		setup()
		if os.path.exists(LOG):
			os.unlink(LOG)
		edges = _Edges(progress)
		more = ['-k', '20'] if keep_going else []
		ended = job.run(['ninja', '-f', file, *more, *targets], log=LOG, tick=edges.tick, every=0.25,
				env={'NINJA_STATUS': '[%f/%t] '})
		progress.settle()
	if ended.status != 0:
		tree = file == graph.TOP
		with open(LOG, encoding='utf-8', errors='replace') as file:
			lines = [line for line in file.read().splitlines()
				 if not re.match(r'\[\d+/\d+\] (CC|AR|LINK|TEST) ', line)]
		progress.line(graph.of_user('\n'.join(lines[-200:])))
		unknown = any(re.search(r'undeclared (function|identifier)|unknown type name', line) for line in lines)
		raise Trouble(f'the build failed ({ended.words()}); all of it is in {LOG}' + (
			      '. Of the kernel, a patch may use what core/linux/test/vocabulary lists; core/README.md says '
			      'how to add to it' if unknown and tree else ''))
