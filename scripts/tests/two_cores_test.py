#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Two cores, one truth: what each program of corpus/litmus and corpus/regress does on a kernel tree, Debian's
unmodified one, beside core/swap, where it does what it expects. corpus/linux/verdicts is the table; with
--write this makes it.
"""
import os
import re
import subprocess
import sys
import unittest

import home		# noqa: F401
from lib import build, files, progress, start, tap
from lib.trees import corpus, graph, known, take

NAME = 'test-two-cores'
BUILDS = ('dev-8-slab', 'dev-8-page')
HOOKED = ('swap_sync_discard_wait', 'swap_sync_discard_restart', 'swap_alloc_slow_restart', 'swapoff_hint_cleared',
	  'swap_table_loaded', 'swap_cache_add_enter', 'swap_alloc_fast_hint', 'swap_avail_add', 'swap_avail_del')
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


def verdict(path):
	"""On the first build that takes the program."""
	said = ''
	for word in BUILDS:
		text = subprocess.run([f'out/tree/{NAME}/{word}/replay', path], stdout=subprocess.PIPE,
				      stderr=subprocess.STDOUT, check=False, timeout=120)
		said = corpus.word(text.stdout.decode(errors='replace'))
		if not said.startswith('needs '):
			break
	return said


def events(program, path):
	"""The events of HOOKED in a program, with their arguments; tables and folios have numbers of their own."""
	text = subprocess.run([program, '--trace', path], stdout=subprocess.PIPE, check=True, timeout=120).stdout.decode()
	return {re.sub(r'(table=t|folio=f)\d+', r'\1', match[0])
		for match in re.finditer(rf"\b({'|'.join(HOOKED)}) .*", text)}


class TwoCores(unittest.TestCase):
	"""The table."""

	@classmethod
	def setUpClass(cls):
		try:
			take.take(take.Wanted('debian', name=NAME, geometries=['8-slab', '8-page']), QUIET)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			raise unittest.SkipTest(f'there is no kernel tree: {trouble}') from trouble
		build.ninja(['--quiet', '-f', graph.TOP,
			     *(f'{graph.DIRECTORY}/{NAME}/{word}/replay' for word in BUILDS)], QUIET).check_returncode()

	@classmethod
	def tearDownClass(cls):
		with build.locked(QUIET):
			graph.remove(NAME)

	def test_programs(self):
		"""the table has each program, and no other"""
		self.assertEqual(sorted(corpus.table()), corpus.programs())

	def test_verdicts(self):
		"""each program does on the tree what the table says"""
		said = {path: verdict(path) for path in corpus.programs()}
		wanted = {path: word for path, (word, _) in corpus.table().items()}
		self.assertEqual({path: (said[path], wanted.get(path)) for path in said
				  if said[path] != wanted.get(path)}, {})

	def test_arguments(self):
		"""hooks see the arguments that core/swap's tracepoints have"""
		seen = set()
		build.ninja(['--quiet', 'out/dev/replay'], QUIET).check_returncode()
		for name in ('devices-next-gone', 'devices-hint-of-another-cpu', 'drop-sync-discard-restart',
			     'fault-read-fails', 'drop-sync-discard'):
			path = f'corpus/litmus/{name}.prog'
			ours = events('out/dev/replay', path)
			self.assertEqual(ours, events(f'out/tree/{NAME}/{BUILDS[0]}/replay', path), path)
			seen |= {event.split()[0] for event in ours}
		self.assertEqual(seen, set(HOOKED))

	def test_mutants(self):
		"""a mutant of core/swap is refused on a tree; one of core/mm is not"""
		for mutant, status, said in (('free-twice', 2, 'this one knows: hib-extent-end'), ('hib-extent-end', 0, 'ok ')):
			ended = subprocess.run([f'out/tree/{NAME}/{BUILDS[0]}/replay', '--mutant', mutant,
						'corpus/litmus/alloc-contended.prog'], stdout=subprocess.PIPE,
					       stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
			self.assertEqual(ended.returncode, status, ended.stdout)
			self.assertIn(said, ended.stdout)

	def test_why(self):
		"""what is not the same has a reason; a flaw that is one is known"""
		for path, (word, why) in corpus.table().items():
			self.assertEqual(bool(why), word != 'same', path)
			flaw = corpus.flaw(path, word, corpus.table())
			self.assertTrue(flaw is None or flaw in known.programs(), path)
			self.assertEqual(why.startswith('flaw '), flaw is not None, path)


def write():
	"""Writes the table; the comment at its head stays."""
	TwoCores.setUpClass()
	with open(corpus.VERDICTS, encoding='utf-8') as file:
		lines = [line for line in file.read().splitlines() if line.startswith('#')]
	for path in corpus.programs():
		said, (word, why) = verdict(path), corpus.table().get(path, ('', ''))
		lines.append(f'{path:58} {said:41} # {why}' if word == said and why else f'{path:58} {said}')
	TwoCores.tearDownClass()
	files.write(corpus.VERDICTS, '\n'.join(lines) + '\n')


if __name__ == '__main__':
	if sys.argv[1:] == ['--write']:
		write()
	else:
		tap.main()
