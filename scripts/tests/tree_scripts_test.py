#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/soak, scripts/fuzz and scripts/coverage with --tree, for a second or so each, and what they say was
planned and done. coverage has its own build of Debian's source. soak and fuzz would take minutes to build:
they get core/swap's programs, in the places that ninja knows for the tree's.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

import home		# noqa: F401
from lib import build, progress, start, tap
from lib.trees import graph, take

NAME = 'test-scripts'
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


# Runs lib.SCRIPT with ARGUMENTS; what it wants of a tree is core/swap's.
LINKED = """
import os
import sys
sys.path.insert(0, 'scripts')
from lib import build, start
from lib.trees import graph

real = build.build

def linked(targets, progress, keep_going=False, file='build.ninja'):
	asked = build.ninja(['-n', '--quiet', '-f', file, *targets], progress)
	assert not asked.returncode, asked.stdout
	for target in targets:
		directory, program = os.path.split(target)
		core = f'out/{os.path.basename(directory).removesuffix("-8-slab")}/{program}'
		real([core], progress)
		os.makedirs(directory, exist_ok=True)
		os.symlink(os.path.abspath(core), target)

build.build = linked
start.leave(start.run(sys.argv[1], sys.argv[2:]))
"""


class Scripts(unittest.TestCase):
	"""One of each on the same tree."""

	@classmethod
	def setUpClass(cls):
		try:
			take.take(take.Wanted('debian', name=NAME, fixes=True, geometries=['8-slab']), QUIET)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			raise unittest.SkipTest(f'there is no kernel tree: {trouble}') from trouble

	@classmethod
	def tearDownClass(cls):
		with build.locked(QUIET):
			if NAME in graph.trees():
				graph.remove(NAME)

	def run_script(self, status, script, *options, linked=False):
		"""Runs a script with --tree, or with programs that are linked. Return: what it says."""
		command = [sys.executable, '-c', LINKED, script] if linked else [f'scripts/{script}']
		run = subprocess.run([*command, '--tree', NAME, *options], stdin=subprocess.DEVNULL,
				     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=1200)
		self.assertEqual(run.returncode, status, run.stdout[-3000:])
		return run.stdout

	def test_soak(self):
		"""soak runs stress under TSan and ASan, of the geometry that there is"""
		said = self.run_script(0, 'soak', '--seeds', '1', '--seconds', '1', '--threads', '2', '--first', '3', linked=True)
		self.assertRegex(said, r'(?m)^soak: 1/2 pass  tsan 8-slab seed=3 operations=[1-9]')
		self.assertRegex(said, r'(?m)^soak: 2/2 pass  asan 8-slab seed=3 operations=[1-9]')
		self.assertRegex(said, rf'(?m)^soak: PASS .*tree={NAME}, planned 2 runs, done 2 runs$')

	def test_fuzz(self):
		"""fuzz runs libFuzzer on the tree's programs"""
		with tempfile.TemporaryDirectory() as directory:
			path = os.path.join(directory, 'verdict.json')
			said = self.run_script(0, 'fuzz', '--corpus', os.path.join(directory, 'corpus'), '--json', path,
					       '--', '-runs=50', '-seed=1', linked=True)
			with open(path, encoding='utf-8') as file:
				verdict = json.load(file)
		self.assertRegex(said, rf'(?m)^fuzz: PASS .*tree={NAME} geometry=8-slab')
		self.assertEqual((verdict['verdict'], verdict['findings']), ('PASS', []))
		self.assertGreaterEqual(verdict['done']['programs'], 50)
		self.assertGreater(verdict['done']['schedules'], 0)

	def test_coverage(self):
		"""coverage counts the lines of the tree's files, and shows them"""
		said = self.run_script(0, 'coverage', '--seconds', '2')
		self.assertRegex(said, r'(?m)^mm/swapfile.c +[1-9]\d*/[1-9]')
		self.assertRegex(said, r'(?m)^mm/swap_state.c +[1-9]\d*/[1-9]')
		self.assertRegex(said, rf'(?m)^coverage: PASS tree={NAME} .*, done [1-9]\d* of \d+ lines reached')
		self.assertTrue(glob.glob('out/coverage-tree/html/**/swapfile.c.html', recursive=True))

	def test_refused(self):
		"""a geometry that the tree was not taken for, and a tree that there is none of: 2, and why"""
		for script in ('fuzz', 'coverage'):
			said = self.run_script(2, script, '--geometry', '512')
			self.assertIn(f'tree {NAME} was taken for 8-slab only', said)
		said = self.run_script(2, 'soak', '--tree', '/nosuch')
		self.assertIn('/nosuch', said)


if __name__ == '__main__':
	tap.main()
