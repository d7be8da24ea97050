# SPDX-License-Identifier: GPL-2.0-only
"""
Keeps a fuzzer's own corpus small. libFuzzer adds inputs, and replaces few: what a later input reaches
as well stays for ever, and every start reads all of it. When a corpus has doubled since it was last
made smaller, libFuzzer's merge says which inputs together reach everything, edges and pairs, and the
others go.
"""
import contextlib
import os
import re
import shutil
import tempfile

from lib import evidence, files, job

FEW = 200		# inputs that are not worth a merge
GROWTH = 2
SECONDS = 300		# for a merge


def _inputs(path):
	return {name for name in os.listdir(path) if not name.startswith('.')}


def _note(path):
	"""Where the number of inputs after the last merge is kept: beside the corpus."""
	return f'{path.rstrip("/")}.inputs'


def grown(path):
	"""Has a corpus doubled since its last merge, or since it was begun?"""
	last = FEW
	with contextlib.suppress(OSError, ValueError), open(_note(path), encoding='ascii') as file:
		last = max(FEW, int(file.read()))
	return len(_inputs(path)) > GROWTH * last


def _merged(binary, path, to, log):
	"""Merges @path into the empty directory @to. Return: None, or why it was not done."""
	ended = job.finish(job.Job([binary, '-merge=1', f'-artifact_prefix={to}.', to, path], log=log,
				   env={'SWAPHAMMER_MUTANT': None}), seconds=SECONDS)
	said = evidence.read(log)
	if job.interrupted():
		return job.interrupted()
	if ended.status != 0:
		return f'{ended.words()} ({evidence.tail(said, 1)})'
	# what fails is left out of a merge: it must not go
	if re.search(r'^MERGE-OUTER: .*crash|^(FAIL  |==\d+==ERROR)', said, re.M):
		return 'an input fails'
	return None if _inputs(to) else 'nothing was kept'


def minimise(binary, path, logs, progress):
	"""
	Makes a corpus smaller if it has grown.

	@binary: the target whose corpus it is
	@path: the corpus
	@logs: directory for the log
	@progress: Progress

	An input goes only when the merge is complete, one by one: interrupted at any time, a corpus
	reaches all that it did. Return: was it made smaller?
	"""
	if not grown(path):
		return False
	before = _inputs(path)
	progress.say(f'{path} has grown to {len(before)} inputs: merges them')
	with tempfile.TemporaryDirectory(prefix='merge.', dir=logs) as tmp:
		to = os.path.join(tmp, 'kept')
		os.mkdir(to)
		why = _merged(binary, path, to, os.path.join(logs, f'{os.path.basename(binary)}.merge.log'))
		if why:
			progress.say(f'{path} stays as it is: {why}')
			return False
		kept = _inputs(to)
		for name in kept - before:
			shutil.copyfile(os.path.join(to, name), os.path.join(path, name))
		if kept - before:
			files.sync_directory(path)
	for name in before - kept:
		with contextlib.suppress(OSError):
			os.unlink(os.path.join(path, name))
	files.write(_note(path), f'{len(kept)}\n')
	progress.say(f'{path} has {len(kept)} inputs, which reach the same')
	return True
