#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
corpus/linux on Debian's source: each fix and each mutant applies, each flaw's program fails on the
unmodified tree and passes with its own fix, mutants are found, findings get the right name.

In CI a source that cannot be had is a failure, elsewhere a skip.
"""
import glob
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import home		# noqa: F401
from lib import build, evidence, files, job, start, tap, test
from lib.progress import Progress
from lib.trees import change, graph, known, prototype, take, test as trees

NAME = f'linux-test-{os.getpid()}'
WORD = 'dev-8-slab'
QUICK = ('add-no-table', 'alloc-after-swapoff', 'table-no-putback')	# found within some hundred schedules
README = 'corpus/linux/README.md'


def lines(path):
	"""The lines of a text file."""
	with open(path, encoding='utf-8') as file:
		return file.read().splitlines()


def progress():
	"""What building says goes to stderr: stdout is TAP."""
	return Progress('linux_test', stream=sys.stderr)


class Names(unittest.TestCase):
	"""What says the same in several places agrees; no tree is needed."""

	def test_flaws(self):
		"""each flaw has a program, a fix, a line in known and a section in README"""
		flaws = set(known.programs())
		self.assertTrue(flaws)
		self.assertEqual(flaws, set(change.known(change.FIXES)))
		self.assertEqual(flaws, set(known.table()))
		titles = {line[4:].split(':')[0] for line in lines(README) if line.startswith('### ')}
		self.assertEqual(flaws, titles)

	def test_programs(self):
		"""each program says what happens, step by step, and expects what known says"""
		for flaw, path in known.programs().items():
			text = lines(path)
			self.assertRegex(text[2], r'^# \w', path)
			self.assertRegex(text[3], r'^# 1\. ', path)
			self.assertTrue([line for line in text if line.startswith('# User: ')], path)
			expected = text[-1].split()[1]
			self.assertIn(expected, {check for check, _ in known.table()[flaw]}, path)

	def test_mutants(self):
		"""each mutant says what it does, and has a row in README"""
		mutants = change.known(change.MUTANTS)
		self.assertGreaterEqual(len(mutants), 15)
		rows = {line.split('|')[1].strip() for line in lines(README) if line.startswith('| ')}
		for name, path in mutants.items():
			self.assertIn(name, rows)
			self.assertRegex(lines(path)[1], r'^// File: mm/')
			self.assertRegex(lines(path)[2], r'^// \w')

	def test_table(self):
		"""a bad line of known is refused with its number"""
		with tempfile.NamedTemporaryFile('w', suffix='.known') as file:
			file.write('# a comment\na WARN mm/a.c\nb WARN\n')
			file.flush()
			with self.assertRaisesRegex(start.Trouble, ':3: expected FLAW CHECK FILE'):
				known.table(file.name)


class Fake(known.Known):
	"""Known, where @replays and @nears say what a program does with each fix, or all others ("-one")."""

	def __init__(self, replays, nears):			# pylint: disable=super-init-not-called
		self.replays, self.nears = replays, nears
		self.directory, self.shows, self.asked = 'plain', {'two': {('WARN', 'mm/a.c')}}, []
		self.left, self.undecided, self.built = known.BUDGET, [], {name: name for name in replays}
		self.others, self.searched = {}, []
		self.progress = Progress('linux_test', stream=io.StringIO())

	def with_fix(self, flaw):
		self.asked.append(flaw)
		return flaw if flaw in self.replays else None

	def with_others(self, flaw):
		self.others[flaw] = f'-{flaw}' if flaw else 'fixed'
		return self.others[flaw]

	def replay(self, directory, program):
		return self.replays.get(directory, 'differs')

	def near(self, directory, program, key):
		self.searched.append(directory)
		return self.nears.get(directory, 0), self.schedules.get(directory, known.SCHEDULES)


class Decide(unittest.TestCase):
	"""Which flaw a finding is named after."""

	def name(self, replays, nears=None, schedules=None):
		"""The name of a finding, among the flaws one, two and three."""
		fake = Fake(replays, nears or {})
		fake.schedules = schedules or {}
		before, change.known = change.known, lambda directory: dict.fromkeys(('one', 'three', 'two'))
		try:
			name = fake._name('a.prog', 'WARN  mm/a.c:7')	# pylint: disable=protected-access
		finally:
			change.known = before
		# what fails with all fixes is new, and no tree of one is built
		self.assertEqual(fake.asked[:1], [] if replays.get('fixed') == 'fails' else ['two'])
		self.assertEqual(len(fake.searched), len(set(fake.searched)))
		return name

	def test_passes(self):
		"""the fix with which it passes decides, wherever it is"""
		self.assertEqual(self.name({'one': 'fails', 'two': 'passes'}), 'two')
		self.assertEqual(self.name({'one': 'fails', 'two': 'fails', 'three': 'passes'}), 'three')

	def test_new(self):
		"""what fails with each fix, or with one that is gone, and with all is new, whatever its place is"""
		self.assertIsNone(self.name({'one': 'fails', 'two': 'fails', 'three': 'fails'}))
		self.assertIsNone(self.name({'one': 'fails', 'three': 'fails'}))

	def test_stale(self):
		"""stale decides if a search finds it without the fix, often, and never with it"""
		stale = {'one': 'fails', 'two': 'differs', 'three': 'fails'}
		self.assertEqual(self.name(stale, {'plain': 40}), 'two')
		self.assertIsNone(self.name(stale, {'plain': 40, 'two': 1}))
		self.assertIsNone(self.name(stale, {'plain': known.OFTEN - 1}))
		self.assertEqual(self.name(stale, {'plain': known.SCHEDULES}, {'two': known.OFTEN}), 'two')
		self.assertIsNone(self.name(stale, {'plain': known.SCHEDULES}, {'two': known.OFTEN - 1}))
		self.assertIsNone(self.name(stale, {'plain': known.OFTEN}, {'two': known.SCHEDULES - 1}))

	def test_masked(self):
		"""where another flaw fails in the same way, all fixes decide: new with all, or known but for its own"""
		fails = dict.fromkeys(('one', 'two', 'three'), 'fails')
		self.assertEqual(self.name({**fails, 'fixed': 'passes', '-two': 'fails'}), 'two')
		self.assertIsNone(self.name({**fails, 'fixed': 'fails', '-two': 'fails'}))
		self.assertIsNone(self.name({**fails, 'fixed': 'passes', '-two': 'differs'}))
		self.assertIsNone(self.name({**fails, 'fixed': 'passes', '-two': 'passes', '-three': 'fails'}))
		stale = {**fails, 'fixed': 'differs', '-two': 'fails'}
		self.assertEqual(self.name(stale, {'-two': known.OFTEN}), 'two')
		self.assertIsNone(self.name(stale, {'-two': known.OFTEN - 1}))
		self.assertIsNone(self.name(stale, {'-two': 40, 'fixed': 1}))
		self.assertIsNone(self.name(stale, {'-two': 2 * known.OFTEN}, {'fixed': known.SCHEDULES // 3}))
		self.assertIsNone(self.name({**stale, 'two': 'differs'}, {'plain': 40, 'two': 1, '-two': known.OFTEN - 1}))

	def test_trouble(self):
		"""a tree that cannot be built decides nothing, and that is told"""
		fake = Fake({}, {})
		fake.name, fake.names = 'tree', {}
		with unittest.mock.patch.object(graph, 'trees', lambda: {'tree': {'fixes': None}}), \
		     unittest.mock.patch.object(fake, 'with_fix', side_effect=start.Trouble('no compiler')):
			self.assertIsNone(fake({'file': 'a.prog', 'key': 'WARN  mm/a.c:7'}))
		self.assertEqual(fake.undecided, ['a.prog'])
		self.assertIn('no compiler: taken for new', fake.progress.stream.getvalue())

	def test_takes(self):
		"""how long it takes to name flaws is said meanwhile, and known in the end"""
		said, now = [], [0.0]
		def name(program, key):
			now[0] += 0.6
			one.progress.live('builds')
		with unittest.mock.patch.object(known, 'table', dict):
			one = known.Known('tree', 'plain', unittest.mock.Mock(live=lambda text, now: said.append(text)))
		with unittest.mock.patch.object(graph, 'trees', lambda: {'tree': {'fixes': None}}), \
		     unittest.mock.patch.object(one, '_name', name), \
		     unittest.mock.patch.object(known, 'time', unittest.mock.Mock(monotonic=lambda: now[0])):
			one({'file': 'a.prog'})
			one({'file': 'b.prog'})
			one({'file': 'a.prog'})
		one.progress.live('no more')
		self.assertEqual(['naming flaws, +1 s: builds', 'naming flaws, +1 s: builds', 'no more'], said)
		self.assertAlmostEqual(1.2, one.took)

	def test_budget(self):
		"""searches have an end: what is left is taken for new, and told"""
		self.assertEqual(self.name(dict.fromkeys(('one', 'two', 'three'), 'differs'), {'plain': 40}), 'two')
		fake = Fake({'one': 'differs'}, {'plain': 40, 'one': 3})
		fake.schedules = {}
		before, change.known = change.known, lambda directory: ['one']
		try:
			self.assertIsNone(fake._name('a.prog', 'BUG  mm/b.c:7'))	# pylint: disable=protected-access
			self.assertLess(fake.left, known.BUDGET)
			self.assertEqual(fake.undecided, [])
			fake.left = 0
			self.assertIsNone(fake._name('a.prog', 'BUG  mm/b.c:7'))	# pylint: disable=protected-access
		finally:
			change.known = before
		self.assertEqual(fake.undecided, ['a.prog'])
		self.assertIn('no time left', fake.progress.stream.getvalue())

	def test_tell(self):
		"""schedules that fail in another way tell nothing"""
		report = {'done': {'schedules': 100}, 'findings': [{'key': 'WARN  mm/a.c:7', 'count': 3},
								    {'key': 'WARN  mm/a.c:9 in f', 'count': 60},
								    {'key': 'WARN  mm/a.c:8', 'count': 4}]}
		self.assertEqual(known.tell(report, 'WARN  mm/a.c:17'), (7, 40))
		self.assertEqual(known.tell(report, 'CRASH  mm/a.c:17'), (0, 33))

	def test_place(self):
		"""line numbers do not count"""
		self.assertEqual(known.place('CRASH  mm/a.h:24 in f'), known.place('CRASH  mm/a.h:241 in f'))
		self.assertNotEqual(known.place('CRASH  mm/a.h:24 in f'), known.place('CRASH  mm/a.h:24 in g'))


class Said(unittest.TestCase):
	"""What scripts/test --tree makes of what replay says."""

	def case(self, path, fixes, says):
		"""The line of TAP for a program."""
		whole = trees.Whole.__new__(trees.Whole)
		whole.here, whole.verdicts = {}, {'corpus/litmus/a.prog': ('differs: WARN mm/a.c', 'flaw worker-late')}
		whole.cause = lambda case: 'cause' if 'INV-C1' in says else None
		case = trees.Replay(whole, {'name': 'x', 'fixes': fixes}, ['dev-8-slab'], path)
		case.job = job.Job.__new__(job.Job)
		case.job.timed_out, case.job.status = False, 0
		return case.said(says)

	def test_litmus(self):
		"""a program of corpus/litmus: same, a known flaw by the table or by a fix, skipped, another failure"""
		path, fails = 'corpus/litmus/a.prog', 'FAILS  a.prog: %s mm/a.c:7; pass was expected\n'
		self.assertEqual(self.case(path, None, 'ok     a.prog: 7 points\n'), f'ok - {path}')
		self.assertIn('known flaw worker-late', self.case(path, None, fails % 'WARN'))
		self.assertIn('known flaw worker-late', self.case(path, {'worker-late': []}, fails % 'WARN'))
		self.assertNotIn('known flaw', self.case(path, {'worker-late': ['mm/a.c']}, fails % 'WARN'))
		self.assertIn('known flaw cause', self.case(path, None, fails % 'INV-C1'))
		self.assertRegex(self.case(path, None, fails % 'BUG'), '^not ok - .*: differs: BUG mm/a.c$')
		self.assertIn('# SKIP stale', self.case(path, None, 'STALE  a.prog: not reached: x\n'))
		self.assertIn('# SKIP it needs count_bits=3', self.case(path, None, 'a.prog:1:2: this program needs count_bits=3, x\n'))
		self.assertRegex(self.case(path, None, 'dies'), '^not ok .*: says dies')

	def test_flaw(self):
		"""a program of a known flaw: here, not here, fails although it is fixed"""
		path = f'{known.FLAWS}/worker-late.prog'
		here, gone = 'ok     a.prog: WARN as expected\n', 'PASSES a.prog: WARN was expected\n'
		self.assertIn('known flaw worker-late', self.case(path, None, here))
		self.assertEqual(self.case(path, None, gone), f'ok - {path}')
		self.assertEqual(self.case(path, {'worker-late': ['mm/a.c']}, gone), f'ok - {path}')
		self.assertRegex(self.case(path, {'worker-late': ['mm/a.c']}, here), '^not ok .*is fixed$')


class Debian(unittest.TestCase):
	"""Debian's source, unmodified, fixed, with one fix each, and with three mutants."""

	reason = None
	made = []

	@classmethod
	def setUpClass(cls):
		cls.made = []
		try:
			cls.tree(NAME)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			cls.reason = f"no source of Debian's: {str(trouble).splitlines()[0]}"

	@classmethod
	def tearDownClass(cls):
		with build.locked(progress()):
			for name in set(cls.made) & set(graph.trees()):
				graph.remove(name)

	def setUp(self):
		if self.reason:
			self.skipTest(self.reason)

	@classmethod
	def tree(cls, name, **more):
		"""Takes a tree. Return: its manifest."""
		manifest = take.take(take.Wanted('debian', name, geometries=['8-slab'], **more), progress())[0]
		cls.made.append(name)
		return manifest

	@staticmethod
	def built(name, *programs, word=WORD):
		"""Builds programs of a tree. Return: their directory."""
		directory = f'{graph.DIRECTORY}/{name}/{word}'
		build.build([f'{directory}/{program}' for program in programs], progress(), file=graph.TOP)
		return directory

	def test_1_flaws(self):
		"""each flaw's program fails as it says, and passes with its fix alone and with all"""
		made = known.Known(NAME, self.built(NAME, 'replay', 'explore'), progress())
		fixed = self.tree(f'{NAME}-fixes', fixes=True)
		for flaw, changed in fixed['fixes'].items():
			self.assertTrue(changed, f'{flaw}: its fix matches nothing')
		fixes = self.built(f'{NAME}-fixes', 'replay')
		for flaw, path in known.programs().items():
			self.made.append(f'{NAME}-only-{flaw}')
			finding = {'file': path, 'key': ' '.join(sorted(known.table()[flaw])[0])}
			with self.subTest(flaw):
				self.assertEqual(made.replay(made.directory, path), 'fails')
				self.assertEqual(made(finding), flaw)
				self.assertEqual(made.replay(fixes, path), 'passes')
		self.assertEqual(made.gone(), {})

	def test_2_gone(self):
		"""a flaw that a tree does not have is gone"""
		path = change.known(change.FIXES)['avail-full']
		self.tree(f'{NAME}-newer', patches=[path])
		directory = self.built(f'{NAME}-newer', 'replay', 'explore')
		programs, known.programs = known.programs, lambda: {'avail-full': programs()['avail-full']}
		try:
			found = known.Known(f'{NAME}-newer', directory, progress()).gone()
		finally:
			known.programs = programs
		self.assertEqual(found, {'avail-full': 'its fix matches nothing'})

	def test_2_but(self):
		"""a tree with all fixes but one has all the others"""
		fixed = self.tree(f'{NAME}-fixes', fixes=True)
		most = self.tree(f'{NAME}-but', fixes=True, but='drain-mmlist')
		rest = dict(fixed['fixes'])
		self.assertEqual(rest.pop('drain-mmlist'), ['mm/swapfile.c'])
		self.assertEqual(most['fixes'], rest)
		text = [evidence.read(f'{graph.DIRECTORY}/{name}/src/mm/swapfile.c') for name in (fixed['name'], most['name'], NAME)]
		self.assertEqual(len(set(text)), 3)
		with self.assertRaisesRegex(start.Trouble, "no known flaw 'drain'"):
			self.tree(f'{NAME}-but', fixes=True, but='drain')

	def test_3_mutants(self):
		"""each mutant applies on top of the fixes"""
		self.tree(f'{NAME}-fixes', fixes=True)
		files = ('mm/swapfile.c', 'mm/swap_state.c', 'mm/page_io.c')
		with tempfile.TemporaryDirectory() as tmp:
			for name in change.known(change.MUTANTS):
				for path in files:
					os.makedirs(os.path.join(tmp, 'mm'), exist_ok=True)
					shutil.copy(f'{graph.DIRECTORY}/{NAME}-fixes/src/{path}', os.path.join(tmp, path))
				with self.subTest(name):
					self.assertTrue(change.mutant(tmp, name, files))

	def test_4_found(self):
		"""three mutants are found, blind; the fixed tree is silent for as long"""
		for name in (None,) + QUICK:
			tree = f'{NAME}-{name}' if name else f'{NAME}-fixes'
			self.tree(tree, fixes=True, mutant=name)
			directory = self.built(tree, 'explore')
			with self.subTest(name), tempfile.TemporaryDirectory() as tmp:
				ended = subprocess.run([f'{directory}/explore', '--schedules', '4000', '--quiet', '--out', tmp],
						       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
						       stderr=subprocess.STDOUT, text=True, check=False, timeout=600)
				self.assertEqual(ended.returncode, 1 if name else 0, ended.stdout)
				self.assertEqual(bool(glob.glob(f'{tmp}/*.prog')), bool(name))
				self.assertEqual(bool(re.search('^FOUND', ended.stdout, re.M)), bool(name))

	def test_4_fast(self):
		"""the variant fast runs the same schedules, with the same findings, which its replay repeats"""
		said = []
		for word in (WORD, 'fast-8-slab'):
			directory = self.built(NAME, 'explore', 'replay', word=word)
			with tempfile.TemporaryDirectory() as tmp:
				job.run([f'{directory}/explore', '--schedules', '2000', '--keep-going', '--quiet', '--out', tmp,
					 '--json', f'{tmp}/json'])
				found = files.read_json(f'{tmp}/json')
				said.append((found['hash'], [(one['seed'], one['key']) for one in found['findings']]))
				self.assertGreater(len(found['findings']), 3)
				for path in sorted(glob.glob(f'{tmp}/*.prog')):
					job.output([f'{directory}/replay', path])
		self.assertEqual(*said)

	def test_4_names(self):
		"""functions that have other names are looked at if the user says so; optional ones may be missing"""
		source = f"{graph.DIRECTORY}/{self.tree(f'{NAME}-fixes', fixes=True)['name']}/src"
		rows = [row for rows in prototype.known().values() for row in rows if row.kind != 'GLOBAL']
		optional = [row for row in rows if row.kind == 'OPTIONAL']
		said = set()
		for title, which, hooks in (('same', [], []), ('renamed', rows, rows), ('without', optional, [])):
			with tempfile.TemporaryDirectory() as tmp:
				shutil.copytree(source, f'{tmp}/linux')
				version = graph.trees()[f'{NAME}-fixes']['version'].split('.')
				with open(f'{tmp}/linux/Makefile', 'w', encoding='utf-8') as file:
					file.writelines(f'{name} = {number}\n' for name, number in
							zip(('VERSION', 'PATCHLEVEL', 'SUBLEVEL'), version))
				for path in glob.glob(f'{tmp}/linux/mm/*'):
					text = evidence.read(path)
					for row in which:
						text = re.sub(rf'\b{row.name}\b', f"its_{row.name.strip('_')}", text)
					if which and path.endswith('/swapfile.c'):
						text = re.sub(r'\bci\b', 'cluster', text)
					with open(path, 'w', encoding='utf-8') as file:
						file.write(text)
				manifest, _, notes = take.take(take.Wanted(
					f'{tmp}/linux', f'{NAME}-{title}', geometries=['8-slab'],
					hooks=[f"{row.name}=its_{row.name.strip('_')}" for row in hooks]), progress())
				self.made.append(manifest['name'])
				self.assertEqual(len([note for note in notes if ': there is no ' in note]), len(set(which) - set(hooks)))
				directory = self.built(manifest['name'], 'explore')
				ended = subprocess.run([f'{directory}/explore', '--schedules', '3000', '--quiet', '--out', tmp],
						       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
						       stderr=subprocess.STDOUT, text=True, check=False, timeout=600)
				with self.subTest(title):
					self.assertEqual(ended.returncode, 0, ended.stdout)
				if title != 'without':
					said.add(re.search(r'[0-9]+ programs, [0-9]+ behaviours', ended.stdout)[0])
		self.assertEqual(len(said), 1, said)

	def whole(self, name, pattern):
		"""scripts/test --tree NAME --variant dev PATTERN, without its lock. Return: lib.test.Run, Whole."""
		with tempfile.TemporaryDirectory() as logs, unittest.mock.patch.object(trees, 'FINDINGS', logs):
			whole, cases = trees.prepare(name, ['dev'], re.compile(pattern), progress())
			self.made.append(whole.fixed['name'])
			trees.name_logs(cases, logs)
			whole.build(cases)
			run = test.Run(cases, 2, Progress('test', stream=io.StringIO()))
			run.run()
			run.check()
		return run, whole

	def test_5_test(self):
		"""scripts/test --tree names each known flaw, of the tree as it is, and passes"""
		run, whole = self.whole(NAME, 'corpus/.*prog')
		text = run.progress.stream.getvalue()
		self.assertEqual(run.failed, 0, text)
		self.assertEqual(sorted(whole.here), sorted(known.programs()))
		self.assertRegex(text, r'(?m)^not ok .*flaws/unuse-large.prog.* known flaw unuse-large$')
		self.assertGreater(run.passed, 150)
		self.assertRegex('\n'.join(whole.close(True)), r'# known flaw: drain-mmlist: \w')

	def test_6_test_fails(self):
		"""scripts/test --tree fails for what is no known flaw"""
		self.tree(f'{NAME}-table-no-putback', fixes=True, mutant='table-no-putback')
		run, whole = self.whole(f'{NAME}-table-no-putback', 'litmus/table-sleep-failure|litmus/alloc-steal|explore')
		text = run.progress.stream.getvalue()
		self.assertRegex(text, r'not ok .*litmus/table-sleep-failure.prog: differs: INV-C8 ')
		self.assertRegex(text, r'not ok .*explore, \d+ schedules: INV-C8 .*; again: out/tree/.*/replay .*/INV-C8')
		self.assertRegex(text, r'(?m)^ok .*litmus/alloc-steal.prog$')
		self.assertEqual(whole.here, {})


if __name__ == '__main__':
	job.take_signals()
	tap.main()
