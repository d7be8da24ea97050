#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Checks fire on a kernel tree: each of core/linux/test/breaks breaks the fixed tree in one place, and
exploration, which knows nothing of it, ends with the check that names the file. Without a break the
fixed tree is silent. core/linux/test/unbroken says of each other check why it has no break.

There may be several of a check: CHECK.WHAT.cocci. A break may say which checks can be the first to
fire, as "// Check: CONTENT INV-G11", if that is not its own alone; which others some seeds meet first,
as "// Also: WARN", so that other seeds are tried until its own fires; on which build it shows, as
"// Build: asan-8-slab"; and a program near which it is looked for, as
"// Program: corpus/litmus/a.prog", instead of generated ones.
"""
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import home		# noqa: F401
from lib import build, progress, start, tap
from lib.trees import graph, take

BREAKS = 'core/linux/test/breaks'
UNBROKEN = 'core/linux/test/unbroken'
CHECKS = 'core/check/checks.def'
NAME = 'test-checks'
SCHEDULES = 20000
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


class Break:
	"""A semantic patch, and the tree with it."""

	def __init__(self, path):
		self.path = path
		self.what = os.path.basename(path)[:-len('.cocci')]
		self.name = f"{NAME}-{self.what.replace('.', '-')}"
		with open(path, encoding='utf-8') as file:
			self.text = file.read()
		self.build = self.says('Build') or 'dev-8-slab'
		self.also = (self.says('Also') or '').split()
		self.checks = (self.says('Check') or self.what.split('.', 1)[0]).split()

	def says(self, what):
		"""The value of one of the comments at its head."""
		found = re.search(rf'^// {what}: (\S.*)$', self.text, re.M)
		return found[1] if found else None

	def target(self):
		"""What ninja builds of it."""
		return f'{graph.DIRECTORY}/{self.name}/{self.build}/explore'

	def options(self):
		"""What explore gets beyond that: a hang need not be waited for as long as usual."""
		return ['--hang-after', '3'] if self.what == 'HANG' else []

	def patch(self, base, directory):
		"""Makes a copy of a tree with it. Return: what spatch says if it changes nothing."""
		self.directory = os.path.join(directory, self.name)
		shutil.copytree(base, self.directory)
		path = os.path.join(self.directory, self.says('File'))
		with open(path, encoding='utf-8') as file:
			before = file.read()
		said = subprocess.run(['spatch', '--sp-file', self.path, '--no-includes', '--very-quiet', '--in-place',
				       path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
		with open(path, encoding='utf-8') as file:
			changed = file.read() != before
		return None if changed and not said.returncode else said.stdout.decode() or 'it matches nothing'


def test_name(one):
	"""What the test of a break is called."""
	return 'test_' + re.sub(r'[-.]', '_', one.what.lower())


ALL = [Break(path) for path in sorted(glob.glob(f'{BREAKS}/*.cocci'))]


def hunt(one):
	"""Explores the tree with a break. Return: explore's JSON of the first seeds that meet none of the others."""
	for seed in (1, 100001, 200001, 300001):
		report = explore(one.target(), SCHEDULES, one.says('Program'), one.options(), seed)
		if not {finding['check'] for finding in report['findings']} & set(one.also):
			break
	return report


def explore(target, schedules, near=None, options=(), seed=1):
	"""Explores a tree. Return: explore's JSON."""
	with tempfile.TemporaryDirectory() as found:
		report = os.path.join(found, 'report.json')
		more = ['--near', near] if near else []
		run = subprocess.run([target, '--quiet', '--seed', f'{seed}..', '--schedules', str(schedules), *options,
				      '--out', found, '--json', report, *more],
				     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=600)
		if not os.path.exists(report):
			raise AssertionError(run.stdout.decode(errors='replace')[-2000:])
		with open(report, encoding='utf-8') as file:
			return json.load(file)


class Checks(unittest.TestCase):
	"""One test a break. All are built at once, and explored two at a time."""

	breaks = ALL		# those that are asked for
	found = {}

	@classmethod
	def setUpClass(cls):
		try:
			manifest, _, _ = take.take(take.Wanted('debian', name=NAME, fixes=True), QUIET)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			raise unittest.SkipTest(f'there is no kernel tree: {trouble}') from trouble
		with tempfile.TemporaryDirectory() as directory:
			base = os.path.join(directory, 'base')
			shutil.copytree(f'{graph.DIRECTORY}/{NAME}/src', base)
			version, level, sub = manifest['version'].split('.')[:3]
			with open(os.path.join(base, 'Makefile'), 'w', encoding='utf-8') as file:
				file.write(f'VERSION = {version}\nPATCHLEVEL = {level}\nSUBLEVEL = {sub}\nEXTRAVERSION =\n')
			cls._make(base, directory)
		with concurrent.futures.ThreadPoolExecutor(2) as pool:
			for one in cls.breaks:
				if one.what not in cls.found:
					cls.found[one.what] = pool.submit(hunt, one)

	@classmethod
	def _make(cls, base, directory):
		"""Patches, takes and builds all of them."""
		words = sys.argv[1:]
		cls.breaks = [one for one in cls.breaks if not words or
			      any(word in test_name(one) for word in words)]
		with concurrent.futures.ThreadPoolExecutor(2) as pool:
			said = list(pool.map(lambda one: one.patch(base, directory), cls.breaks))
		for one, why in zip(cls.breaks, said):
			if why:
				cls.found[one.what] = why
				continue
			take.take(take.Wanted(one.directory, name=one.name, geometries=['8-slab']), QUIET)
		made = build.ninja(['-k', '0', '--quiet', '-f', graph.TOP, f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore',
				    *(one.target() for one in cls.breaks if one.what not in cls.found)], QUIET)
		for one in cls.breaks:
			if one.what not in cls.found and not os.path.exists(one.target()):
				cls.found[one.what] = made.stdout[-2000:]

	@classmethod
	def tearDownClass(cls):
		with build.locked(QUIET):
			for name in {NAME, *(one.name for one in cls.breaks)} & set(graph.trees()):
				graph.remove(name)

	def test_silent(self):
		"""the fixed tree is silent"""
		report = explore(f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore', SCHEDULES // 4)
		self.assertEqual(report['verdict'], 'PASS', report)

	def fires(self, one):
		"""Asserts that a break was found, by one of its checks alone."""
		said = self.found[one.what]
		self.assertNotIsInstance(said, str, said)
		report = said.result()
		found = [finding['check'] for finding in report['findings']]
		self.assertEqual(len(found), 1, report['done'])
		self.assertIn(found[0], one.checks)


class Table(unittest.TestCase):
	"""core/linux/test/unbroken."""

	def test_all(self):
		"""each check has a break, or a reason why it has none; and not both"""
		with open(CHECKS, encoding='utf-8') as file:
			checks = re.findall(r'^CHECK\("([A-Z0-9-]+)"', file.read(), re.M)
		with open(UNBROKEN, encoding='utf-8') as file:
			why = dict(line.split(maxsplit=1) for line in file if line.strip() and not line.startswith('#'))
		broken = {check for one in ALL for check in (one.what.split('.', 1)[0], *one.checks)}
		self.assertEqual(sorted([*why, *broken]), sorted(checks))


def make_test(one):
	"""The test of one break."""
	def test(self):
		self.fires(one)
	test.__doc__ = f"{' or '.join(one.checks)} fires" + (f', by {one.what}' if '.' in one.what else '')
	return test


for _one in ALL:
	setattr(Checks, test_name(_one), make_test(_one))

if __name__ == '__main__':
	tap.main()
