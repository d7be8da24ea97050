#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Two cores, one truth: what each program of corpus/litmus and corpus/regress does on a kernel tree, Debian's
unmodified one, beside core/swap, where it does what it expects. corpus/linux/verdicts is the table; with
--write this makes it.
"""
import glob
import os
import re
import subprocess
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, os.path.join(TOP, 'scripts'))
from lib import build, progress, start, tap				# noqa: E402
from lib.trees import graph, take				# noqa: E402

TABLE = 'corpus/linux/verdicts'
NAME = 'test-two-cores'
BUILDS = ('dev-8-slab', 'dev-8-page')
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


def programs():
	"""The programs that need no mutant of core/swap, but for the upstream-* ones: the tree has these."""
	found = []
	for path in sorted(glob.glob('corpus/litmus/*.prog') + glob.glob('corpus/regress/*.prog')):
		with open(path, encoding='utf-8') as file:
			text = file.read()
		mutant = re.search(r'^expect\s.*\bwith mutant (\S+)', text, re.M)
		if not mutant or mutant[1].startswith('upstream-'):
			found.append(path)
	return found


def word(text):
	"""What replay says of a program, in a word or two that do not move with lines."""
	if re.search(r'^ok ', text, re.M):
		return 'same'
	needs = re.search(r'this program needs (\S+),', text)
	if needs:
		return f'needs {needs[1]}'
	if re.search(r'^STALE', text, re.M):
		return 'stale'
	if re.search(r'^PASSES', text, re.M):
		return 'passes'
	fails = re.search(r'^FAILS\s+\S+?:?\s+(\S+) ([^\s:]+)', text, re.M)
	if fails:
		return f'differs: {fails[1]} {fails[2]}'
	return 'says ' + ' '.join(text.split())[:60]


def verdict(path):
	"""On the first build that takes the program."""
	said = ''
	for build in BUILDS:
		text = subprocess.run([f'out/tree/{NAME}/{build}/replay', path], stdout=subprocess.PIPE,
				      stderr=subprocess.STDOUT, check=False, timeout=120)
		said = word(text.stdout.decode(errors='replace'))
		if not said.startswith('needs '):
			break
	return said


def table():
	"""{program: verdict} as committed; what follows a '#' says why."""
	with open(TABLE, encoding='utf-8') as file:
		lines = [line.split('#')[0].split(maxsplit=1) for line in file]
	return {words[0]: words[1].strip() for words in lines if words}


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
		graph.remove(NAME)

	def test_programs(self):
		"""the table has each program, and no other"""
		self.assertEqual(sorted(table()), programs())

	def test_verdicts(self):
		"""each program does on the tree what the table says"""
		said = {path: verdict(path) for path in programs()}
		wanted = table()
		self.assertEqual({path: (said[path], wanted.get(path)) for path in said
				  if said[path] != wanted.get(path)}, {})


def write():
	"""Prints the lines of the table."""
	TwoCores.setUpClass()
	for path in programs():
		print(f'{path:58} {verdict(path)}')
	TwoCores.tearDownClass()


if __name__ == '__main__':
	if sys.argv[1:] == ['--write']:
		write()
	else:
		tap.main()
