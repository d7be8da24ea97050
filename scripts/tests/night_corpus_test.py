#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The corpus in a night: its share of the time, what comes first, and what a program may do on a kernel tree."""
import os
import tempfile
import types
import unittest

import home
from lib import evidence, tap
from lib.night import corpus
from lib.night.journal import Journal
from lib.trees import known

REPLAY = """#!/bin/bash
for file; do
	[ "$file" != hangs.prog ] || sleep 100
	echo "ok     $file: 9 points, hash 1"
done
"""


class Share(home.Scratch):
	"""A night of so many seconds, with a replay that is a script."""

	def setUp(self):
		super().setUp()
		with open(f'{self.tmp}/replay', 'w', encoding='ascii') as file:
			file.write(REPLAY)
		os.chmod(f'{self.tmp}/replay', 0o755)
		self.batch, corpus.BATCH = corpus.BATCH, 2
		self.addCleanup(setattr, corpus, 'BATCH', self.batch)

	def night(self, seconds, programs, waiting=None):
		"""Return: its line in the journal, what it leaves, what was run."""
		run = tempfile.mkdtemp(dir=self.tmp)
		night = types.SimpleNamespace(seconds=seconds, run_directory=run, journal=Journal(f'{run}/journal'),
					      live=lambda text: None, take=lambda raws: False, keep=lambda: None)
		arm = corpus.Replay('core corpus dev', programs, code='core', variant='dev', directory=self.tmp, tools=[self.tmp])
		phase = corpus.Corpus(night, [arm], waiting)
		phase.run()
		night.journal.close()
		return night.journal.last('corpus'), phase.waiting, \
			list(corpus.said(evidence.read(f'{run}/corpus-core-corpus-dev/log')))

	def test_all(self):
		line, waiting, ran = self.night(1000, ['a.prog', 'b.prog', 'c.prog'])
		self.assertEqual((3, 0, 0, []), (line['programs'], line['left'], line['failed'], line['reasons']))
		self.assertEqual(({'core corpus dev': []}, ['a.prog', 'b.prog', 'c.prog']), (waiting, ran))

	def test_turns(self):
		"""what a night did not come to is first in the next one, and nothing waits twice as long"""
		programs = ['a.prog', 'b.prog', 'c.prog', 'd.prog', 'e.prog']
		line, waiting, ran = self.night(0, programs)
		self.assertEqual((3, ['a.prog', 'b.prog']), (line['left'], ran))
		line, waiting, ran = self.night(0, programs, waiting)
		self.assertEqual(['c.prog', 'd.prog'], ran)
		line, waiting, ran = self.night(0, programs, waiting)
		self.assertEqual(['a.prog', 'e.prog'], sorted(ran))
		line, waiting, ran = self.night(0, programs, {'core corpus dev': ['gone.prog', 'e.prog']})
		self.assertEqual((['a.prog', 'e.prog'], []), (sorted(ran), line['reasons']))

	def test_cut_off(self):
		"""a program that does not end is cut off, and does not stand in the way the next time"""
		line, waiting, ran = self.night(0, ['a.prog', 'hangs.prog', 'z.prog'])
		self.assertEqual((2, ['a.prog'], []), (line['left'], ran, line['reasons']))
		self.assertEqual(['z.prog', 'hangs.prog'], waiting['core corpus dev'])

	def test_nothing_said(self):
		"""of a program of which replay says nothing it is not known what it does"""
		with open(f'{self.tmp}/replay', 'w', encoding='ascii') as file:
			file.write(REPLAY.replace('sleep 100', 'exit 2'))
		line, _, _ = self.night(1000, ['a.prog', 'hangs.prog'])
		self.assertRegex(' '.join(line['reasons']), 'exit.* 2: hangs.prog')


class Verdicts(unittest.TestCase):
	"""What a program may do."""

	def test_core(self):
		for mutants, text, word in (('', 'ok     p: 9 points', 'ok'), ('', 'FAILS  p: INV-C8 core/x.c:1; x was expected', 'fails'),
					    ('', 'PASSES p: INV-C8 was expected', 'other'), ('', 'DIFFERS  p: two runs', 'other'),
					    ('', 'STALE  p: not reached', 'stale'), ('', 'MISSES p:7: not reached: x', 'stale'),
					    ('m', 'STALE  p: not reached', 'skip'), ('', 'KILLED p: by another process', 'unknown')):
			arm = corpus.Replay('x', ['p'], code='core', variant='dev', directory='.', tools=[], mutants=mutants)
			self.assertEqual(word, arm.judge('p', text), text)

	def test_said(self):
		text = 'a: x\nok     a.prog: 9\nMISSES b.prog:7: not reached\nc.prog:2:3: this program needs slots=8, and\n  more\n'
		self.assertEqual(['a.prog', 'b.prog', 'c.prog'], list(corpus.said(text)))
		self.assertTrue(corpus.said(text)['c.prog'].endswith('more\n'))

	def test_tree(self):
		"""known flaws show on the tree as it is, and on no other"""
		flaw, path = next(iter(known.programs().items()))
		litmus, shown = next((program, verdict) for program, (verdict, why) in corpus.verdicts.table().items()
				     if verdict.startswith('differs') and why.startswith('flaw ') and 'litmus' in program)
		check, where = shown.split()[1:]
		failed = f'FAILS  {litmus}: {check} {where}:7; no failure was expected'
		for fixes, program, text, word in (
				(None, path, f'ok     {path}: X as expected', 'flaw'), (None, path, f'PASSES {path}: X was expected', 'ok'),
				(True, path, f'ok     {path}: X as expected', 'other'), (True, path, f'PASSES {path}: X was expected', 'ok'),
				(None, path, f'FAILS  {path}: INV-X core/x.c:7; X was expected', 'fails'),
				(None, litmus, failed, 'ok'), (True, litmus, failed, 'fails'),
				(None, litmus, f'FAILS  {litmus}: INV-X core/x.c:7; no failure was expected', 'fails'),
				(None, litmus, f'ok     {litmus}: 9 points', 'ok'), (None, litmus, f'STALE  {litmus}: x', 'skip'),
				(True, litmus, f'{litmus}:1:2: this program needs slots=8, and this build is for slots=512 only', 'skip')):
			arm = corpus.TreeReplay('x', fixes and dict.fromkeys(known.programs(), True), code='t', variant='x', directory='.',
						tools=[])
			self.assertEqual(word, arm.judge(program, text), (fixes, text))
			self.assertEqual(None if fixes else flaw, arm.known({'file': path, 'key': 'X'}))


if __name__ == '__main__':
	tap.main()
