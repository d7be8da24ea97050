#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Checks fire on a kernel tree: each of core/linux/test/breaks breaks the fixed tree in one place, and
exploration, which knows nothing of it, ends with the check that names the file. Without a break
the fixed tree is silent.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, os.path.join(TOP, 'scripts'))
from lib import build, progress, start, tap				# noqa: E402
from lib.trees import graph, take				# noqa: E402

BREAKS = 'core/linux/test/breaks'
NAME = 'test-checks'
BUILD = 'dev-8-slab'
SCHEDULES = 60000
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))


def explore(schedules):
	"""Explores the tree as it is built now. Return: explore's JSON."""
	with tempfile.TemporaryDirectory() as found:
		report = os.path.join(found, 'report.json')
		run = subprocess.run([f'out/tree/{NAME}/{BUILD}/explore', '--quiet', '--seed', '1..',
				      '--schedules', str(schedules), '--out', found, '--json', report],
				     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=600)
		if not os.path.exists(report):
			raise AssertionError(run.stdout.decode(errors='replace')[-2000:])
		with open(report, encoding='utf-8') as file:
			return json.load(file)


class Checks(unittest.TestCase):
	"""One test a break."""

	@classmethod
	def setUpClass(cls):
		try:
			take.take(take.Wanted('debian', name=NAME, fixes=True), QUIET)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			raise unittest.SkipTest(f'there is no kernel tree: {trouble}') from trouble

	@classmethod
	def tearDownClass(cls):
		graph.remove(NAME)

	def build(self, patches):
		"""Takes the fixed tree with more patches, and builds it."""
		take.take(take.Wanted('debian', name=NAME, fixes=True, patches=patches,
				      geometries=['8-slab']), QUIET)
		made = build.ninja(['--quiet', '-f', graph.TOP, f'{graph.DIRECTORY}/{NAME}/{BUILD}/explore'], QUIET)
		self.assertEqual(made.returncode, 0, made.stdout[-2000:])

	def test_silent(self):
		"""the fixed tree is silent"""
		self.build([])
		report = explore(SCHEDULES // 4)
		self.assertEqual(report['verdict'], 'PASS', report)


def make_test(path, check):
	"""The test of one break."""
	def test(self):
		self.build([path])
		found = [finding['check'] for finding in explore(SCHEDULES)['findings']]
		self.assertEqual(found, [check])
	test.__doc__ = f'{check} fires'
	return test


for _path in sorted(glob.glob(f'{BREAKS}/*.cocci')):
	_check = os.path.basename(_path)[:-len('.cocci')]
	setattr(Checks, f'test_{_check.lower().replace("-", "_")}', make_test(_path, _check))

if __name__ == '__main__':
	tap.main()
