#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Checks fire on a kernel tree: each of core/linux/test/breaks breaks the fixed tree in one place, and
exploration, which knows nothing of it, ends with the check that names the file. Without a break the
fixed tree is silent. core/linux/test/unbroken says of each other check why it has no break.

A break changes one file, so one object is compiled of it; all else is linked from the build of the fixed tree. If that
is a header, it says which source is compiled that includes it: "// Object: core/mm/fault.c", or, of a file of the tree,
core/linux/swapfile_tree.c.

There may be several of a check: CHECK.WHAT.cocci. A break may say which checks can be the first to
fire, as "// Check: CONTENT INV-G11", if that is not its own alone; which others some seeds meet first,
as "// Also: WARN", so that other seeds are tried until its own fires; on which build it shows, as
"// Build: asan-8-slab"; and a program near which it is looked for, as
"// Program: corpus/litmus/a.prog", instead of generated ones.

What a patch may use beside that is in core/linux/test/vocabulary.

Nor do checks fire on a tree that does the same in another way: each of core/linux/test/legal changes the
fixed tree as a patch may, and exploration is silent. If it changes on purpose what some checks are about, as
"// Without: INV-G1,INV-G17", these are what is found, and without them exploration is silent.
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
from lib import build, evidence, progress, start, tap
from lib.trees import checks, graph, take

BREAKS = 'core/linux/test/breaks'
LEGAL = 'core/linux/test/legal'
UNBROKEN = 'core/linux/test/unbroken'
CHECKS = 'core/check/checks.def'
VOCABULARY = 'core/linux/test/vocabulary'
SOURCE = 'core/linux/swapfile_tree.c'
NAME = 'test-checks'
SCHEDULES = 20000
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


class Break:
	"""A semantic patch, and explore of the tree with it."""

	def __init__(self, path):
		self.path = path
		self.what = os.path.basename(path)[:-len('.cocci')]
		self.name = f"{NAME}-{self.what.replace('.', '-')}"
		with open(path, encoding='utf-8') as file:
			self.text = file.read()
		self.build = self.says('Build') or 'dev-8-slab'
		self.also = (self.says('Also') or '').split()
		self.explore = self.without = None
		self.checks = (self.says('Check') or self.what.split('.', 1)[0]).split()

	def says(self, what):
		"""The value of one of the comments at its head."""
		found = re.search(rf'^// {what}: (\S.*)$', self.text, re.M)
		return found[1] if found else None

	def target(self):
		"""explore of the tree without it."""
		return f'{graph.DIRECTORY}/{NAME}/{self.build}/explore'

	def options(self):
		"""What explore gets beyond that: a hang need not be waited for as long as usual."""
		return ['--hang-after', '3'] if self.what == 'HANG' else []

	def make(self, directory, commands):
		"""
		Makes explore of the tree with it.

		@directory: for its files
		@commands: those that make target()

		Return: why there is none, or None.
		"""
		base, top = f'{graph.DIRECTORY}/{NAME}', os.path.join(directory, self.name)
		source = self.says('Object') or f"core/linux/{os.path.basename(self.says('File'))[:-len('.c')]}_tree.c"
		made = f"/{self.build}/sim/{source[len('core/'):-len('.c')]}.o"
		shutil.copytree(f'{base}/src', f'{top}/src')
		for part in ('include', 'empty'):
			shutil.copytree(f'{base}/{part}', f'{top}/{part}')
		os.symlink('src', f'{top}/tree')
		path = f"{top}/src/{self.says('File')}"
		before = evidence.read(path)
		said = subprocess.run(['spatch', '--sp-file', self.path, '--no-includes', '--very-quiet', '--in-place', path],
				      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
		if said.returncode or evidence.read(path) == before:
			return said.stdout.decode() or 'it matches nothing'
		# what trees have in common is compiled of the first of them
		compiles = [line for line in commands if line.endswith(made)]
		links = [line for line in commands if f' -o {self.target()} ' in line]
		if len(compiles) != 1 or len(links) != 1:
			return f'{len(compiles)} commands make {made}, {len(links)} {self.target()}'
		os.makedirs(os.path.dirname(f'{top}{made}'))
		self.explore = f'{top}/explore'
		link = links[0].replace(f' -o {self.target()} ', f' {top}{made} -o {self.explore} ')
		first = compiles[0][compiles[0].rindex(' -o ') + len(' -o '):-len(made)]
		return self.run(compiles[0].replace(f'{first}/', f'{top}/').replace(f'{first} ', f'{top} ')) or self.run(link) or \
			self.leave_out(commands, link)

	def run(self, command):
		"""Return: what a command that fails says, or None."""
		said = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
		return said.stdout.decode(errors='replace')[-2000:] if said.returncode else None

	def leave_out(self, commands, link):
		"""Makes another explore if it is to be hunted without some checks: see make()."""
		if not self.says('Without'):
			return None
		self.without = f'{self.explore}-without'
		flags = ' '.join(checks.flags(self.says('Without').split(',')))
		made = next(line for line in commands if line.endswith('/sim/check/check.o'))
		return self.run(re.sub(r' -o \S+$', f' {flags} -o {self.without}.o', made)) or \
			self.run(link.replace(f' -o {self.explore} ', f' {self.without}.o -o {self.without} '))

	def hunt(self):
		"""Explores it. Return: explore's JSON of the first seeds that meet none of the others."""
		for seed in range(1, 800001, 100000):
			report = explore(self.explore, SCHEDULES, self.says('Program'), self.options(), seed)
			if not {finding['check'] for finding in report['findings']} & set(self.also):
				break
		return report


class Legal(Break):
	"""A change that breaks nothing."""

	def __init__(self, path):
		super().__init__(path)
		self.name = f'{NAME}-legal-{self.what}'

	def hunt(self):
		"""As Break's. Of a change that is hunted without some checks, these are found, and nothing else."""
		if not self.without:
			return explore(self.explore, SCHEDULES // 4)
		found = explore(self.explore, SCHEDULES // 4, options=['--keep-going'])['findings']
		if not found or {finding['check'] for finding in found} - set(self.says('Without').split(',')):
			return f'with all checks: {found}'
		return explore(self.without, SCHEDULES // 4)


def test_name(one):
	"""What the test of a break is called."""
	return 'test_' + re.sub(r'[-.]', '_', one.what.lower())


ALL = [Break(path) for path in sorted(glob.glob(f'{BREAKS}/*.cocci'))]
ALL_LEGAL = [Legal(path) for path in sorted(glob.glob(f'{LEGAL}/*.cocci'))]


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
	"""One test a break. They are made and explored two at a time."""

	breaks = ALL + ALL_LEGAL	# those that are asked for
	found = {}
	directory = None

	@classmethod
	def setUpClass(cls):
		try:
			take.take(take.Wanted('debian', name=NAME, fixes=True), QUIET)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			raise unittest.SkipTest(f'there is no kernel tree: {trouble}') from trouble
		words = [word.removeprefix(f'{cls.__name__}.') for word in sys.argv[1:]]
		cls.breaks = [one for one in cls.breaks if not words or any(word in test_name(one) for word in words)]
		targets = sorted({one.target() for one in cls.breaks} | {f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore'})
		build.build(targets, QUIET, file=graph.TOP)
		cls.directory = tempfile.mkdtemp(prefix='tree-checks.', dir='out')
		commands = {target: build.ninja(['-f', graph.TOP, '-t', 'commands', target], QUIET).stdout.splitlines()
			    for target in targets}
		with concurrent.futures.ThreadPoolExecutor(2) as pool:
			for one in cls.breaks:
				cls.found[one.what] = pool.submit(cls.make_and_hunt, one, commands[one.target()])

	@classmethod
	def make_and_hunt(cls, one, commands):
		"""Return: explore's JSON, or why there is none."""
		return one.make(cls.directory, commands) or one.hunt()

	@classmethod
	def tearDownClass(cls):
		shutil.rmtree(cls.directory, ignore_errors=True)
		with build.locked(QUIET):
			if NAME in graph.trees():
				graph.remove(NAME)

	def test_silent(self):
		"""the fixed tree is silent"""
		report = explore(f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore', SCHEDULES // 4)
		self.assertEqual(report['verdict'], 'PASS', report)

	def compile_words(self, lines):
		"""Compiles them in front of mm/swapfile.c. Return: what the compiler says, without a word if they are right."""
		commands = build.ninja(['-f', graph.TOP, '-t', 'commands', f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore'], QUIET)
		command = next(line for line in commands.stdout.splitlines() if line.endswith('/swapfile_tree.o'))
		command = command[:command.index(' -MMD')]
		with open(SOURCE, encoding='utf-8') as file:
			source = file.read()
		parts = [source[:source.index('#pragma')]]
		for number, line in enumerate(lines, 1):
			if line.strip() and not line.startswith('#'):
				if not re.match(r'(static|extern)\b(?!_)', line):
					line = f'void words_{number}(void); void words_{number}(void) {{ {line} }}'
				parts.append(f'#line {number} "{VOCABULARY}"\n{line}')
		run = subprocess.run(f'{command} -fsyntax-only -x c -', shell=True, input='\n'.join(parts) + '\n',
				     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
		self.assertEqual(run.returncode != 0, 'error:' in run.stdout, run.stdout)
		return run.stdout

	def test_vocabulary(self):
		"""what a patch may use compiles"""
		with open(VOCABULARY, encoding='utf-8') as file:
			self.assertEqual(self.compile_words(file.read().splitlines()), '')

	def test_vocabulary_error(self):
		"""a word that there is not is told, with its line"""
		self.assertIn(f'{VOCABULARY}:2:', self.compile_words(['# nothing', 'no_such_function();']))

	def fires(self, one):
		"""Asserts that a break was found, by one of its checks alone."""
		report = self.found[one.what].result()
		self.assertNotIsInstance(report, str, report)
		found = [finding['check'] for finding in report['findings']]
		self.assertEqual(len(found), 1, report['done'])
		self.assertIn(found[0], one.checks)

	def silent(self, one):
		"""Asserts that nothing was found in a tree that is not broken."""
		report = self.found[one.what].result()
		self.assertNotIsInstance(report, str, report)
		self.assertEqual(report['verdict'], 'PASS', report)
		self.assertEqual(report.get('without'), one.says('Without'))


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
		if isinstance(one, Legal):
			self.silent(one)
		else:
			self.fires(one)
	if isinstance(one, Legal):
		test.__doc__ = f'{one.what} is legal, and no check fires'
		return test
	test.__doc__ = f"{' or '.join(one.checks)} fires" + (f', by {one.what}' if '.' in one.what else '')
	return test


for _one in ALL + ALL_LEGAL:
	setattr(Checks, test_name(_one), make_test(_one))

if __name__ == '__main__':
	tap.main()
