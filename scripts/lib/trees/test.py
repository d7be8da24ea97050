# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/test --tree: what the corpus and the engines say of a kernel tree. Of the tree as it is, the
programs of corpus/litmus and of the known flaws; of the tree with the fixes of the known flaws, so that
these do not hide others, the same programs, exploration, each workload of stress, and libFuzzer on the seeds.

A known flaw that shows is no failure, and is named. Anything else that a program does not expect is one.
"""
import glob
import os
import re
import time

from lib import build, evidence, job
from lib.results import KNOWN, Results
from lib.trees import corpus, graph, known, take

VARIANTS = ('dev', 'asan', 'tsan', 'fuzz-asan')
FINDINGS = 'out/findings'
# schedules of exploration in each build; programs are replayed in those of 8 slots
SCHEDULES = {'dev-8-slab': 4000, 'dev-8-page': 2000, 'dev-512': 1000, 'asan-8-slab': 1000, 'tsan-8-slab': 500}
FUZZED = {'fuzz-asan-8-slab': 1000}	# executions of each target


def _tap(good, name, note=''):
	"""A line of TAP."""
	return f"{'ok' if good else 'not ok'} - {name}{note}"


class Case:
	"""
	What is run of a tree: a program of a build with its arguments. As lib.test.Test.

	@build: as "dev-8-slab", with the tree's name
	@what: in words
	@argv: what is run
	@seconds: at most
	"""

	variant = None

	def __init__(self, tree, word, what, argv, seconds=300):
		self.name = f'{tree} {word}'
		self.what = what
		self.source = what
		self.program = argv[0]
		self.argv = argv
		self.seconds = seconds
		self.log = None
		self.job = self.results = None

	def matches(self, pattern):
		"""Whether PATTERN asks for it."""
		return pattern is None or bool(pattern.search(f'{self.name}: {self.what}'))

	def start(self):
		"""Starts it."""
		self.job = job.Job(self.argv, log=self.log, default_signals=True)

	def late(self):
		"""Whether it has had its time."""
		return time.monotonic() - self.job.began > self.seconds

	def end(self):
		"""Reads what it said. Return: its output."""
		text = evidence.read(self.log)
		self.results = Results(self.said(text))
		return text

	def said(self, text):
		"""A line of TAP: for a program that ends with 0 if all is well."""
		if self.job.status == 0 and not self.job.timed_out:
			return _tap(True, self.what)
		return _tap(False, f'{self.what}: {self.failure(text)}')

	def failure(self, text):
		"""What went wrong, in a few words."""
		blocks = evidence.blocks(text)
		return evidence.name(blocks[0]) if blocks else f'{self.job.words()} ({evidence.tail(text, 1)})'


class Explore(Case):
	"""Exploration from seed 1 on."""

	def failure(self, text):
		found = re.search(r'^FOUND  (\S+) +(.*?)  \(', text, re.M)
		again = re.search(r'^repro (.*)$', text, re.M)
		if not found:
			return super().failure(text)
		return f'{found[1]} {found[2]}' + (f'; again: {again[1]}' if again else '')


class Fuzz(Case):
	"""A target of libFuzzer on the seeds: what is new goes to a directory beside the log."""

	def start(self):
		new = f"{self.log[:-len('.log')]}.new"
		os.makedirs(new, exist_ok=True)
		self.argv = [*self.argv, new, 'corpus/seeds', 'corpus/litmus']
		super().start()


class Stress(Case):
	"""A workload of stress, until its rare paths were reached."""

	def failure(self, text):
		missing = re.findall(r'^rare path not reached: *(.*)$', text, re.M)
		return f"not reached: {'; '.join(missing)}" if missing else super().failure(text)


class Replay(Case):
	"""
	A program of the corpus: on the first build that takes it.

	@whole: Whole
	@manifest: of the tree
	@words: builds, as "dev-8-slab"
	"""

	def __init__(self, whole, manifest, words, path):
		name = manifest['name']
		super().__init__(name, words[0], path, [f"{graph.programs(name, *_split(words[0]))}/replay", path])
		self.whole, self.manifest, self.path = whole, manifest, path
		self.others = [f'{graph.programs(name, *_split(word))}/replay' for word in words[1:]]
		self.flaw = os.path.basename(path)[:-len('.prog')] if path.startswith(known.FLAWS + '/') else None

	def said(self, text):
		word = corpus.word(text)
		for other in self.others:
			if not word.startswith('needs '):
				break
			self.job = job.run([other, self.path], log=self.log, seconds=self.seconds)
			text = evidence.read(self.log)[len(text):]
			word = corpus.word(text)
		if self.job.timed_out:
			return _tap(False, f'{self.what}: {self.job.words()}')
		if word.startswith('needs '):
			return _tap(True, self.what, f' # SKIP it {word}, and no tree is built with it')
		if word == 'stale':
			return _tap(True, self.what, ' # SKIP stale: this tree does not come to a choice of its schedule')
		return self._of_flaw(word) if self.flaw else self._of_litmus(word)

	def _here(self, flaw, word):
		self.whole.here.setdefault(flaw, []).append(self.path)
		what = 'as it says' if word == 'same' else word.replace('differs: ', '')
		return _tap(False, f'{self.what}: fails {what}', f' {KNOWN} known flaw {flaw}')

	def _of_flaw(self, word):
		if word == 'passes':
			return _tap(True, self.what)
		if word == 'same' and not (self.manifest['fixes'] or {}).get(self.flaw):
			return self._here(self.flaw, word)
		if word == 'same':
			return _tap(False, f'{self.what}: fails although {self.flaw} is fixed')
		return _tap(False, f'{self.what}: {word}')

	def _of_litmus(self, word):
		if word == 'same':
			return _tap(True, self.what)
		flaw = corpus.flaw(self.path, word, self.whole.verdicts)
		fixes = self.manifest['fixes']
		if flaw and not (fixes or {}).get(flaw):
			return self._here(flaw, word)
		flaw = self.whole.cause(self) if fixes is None else None
		return self._here(flaw, word) if flaw else _tap(False, f'{self.what}: {word}')


def _split(word):
	"""Variant and geometry of "fuzz-asan-8-slab"."""
	geometry = next(geometry for geometry in graph.geometries() if word.endswith(f'-{geometry}'))
	return word[:-len(geometry) - 1], geometry


class Whole:
	"""
	All that is run of a tree.

	@text: what --tree has
	@variants: those that were asked for

	Raises: as take.take().
	"""

	def __init__(self, text, variants, progress):
		self.progress = progress
		self.manifest = self.fixed = take.resolve(text, progress)
		if self.manifest['fixes'] is None:
			wanted = {**self.manifest['wanted'], 'name': f"{self.manifest['name']}-fixes", 'fixes': True}
			self.fixed, _, _ = take.take(take.Wanted(**wanted), progress)
		self.words = [word for word in [*SCHEDULES, *FUZZED] if _split(word)[0] in variants
			      and _split(word)[1] in self.manifest['geometries']]
		self.verdicts = corpus.table()
		self.here = {}		# flaw -> programs that show it
		self.known = None

	def _replayed(self):
		"""Lists of builds in which programs are replayed, each with the tree's manifest."""
		dev = [word for word in self.words if word in ('dev-8-slab', 'dev-8-page')]
		lists = [(self.fixed, dev)] + [(self.fixed, [word]) for word in self.words if word in SCHEDULES
					       and not word.startswith('dev-')]
		if self.fixed is not self.manifest:
			lists.insert(0, (self.manifest, dev))
		return [(manifest, words) for manifest, words in lists if words]

	def targets(self):
		"""What ninja builds."""
		found = [f"{graph.programs(manifest['name'], *_split(word))}/replay"
			 for manifest, words in self._replayed() for word in words]
		for word in self.words:
			directory = graph.programs(self.fixed['name'], *_split(word))
			names = ('fuzz_program', 'fuzz_model') if word in FUZZED else \
				('explore', 'replay', 'stress') if word.endswith('8-slab') else ('explore', 'replay')
			found += [f'{directory}/{name}' for name in names]
		return list(dict.fromkeys(found))

	def cases(self):
		"""Every Case; what takes long comes first. Raises: Trouble if stress names no workload."""
		name, found = self.fixed['name'], []
		for word in self.words:
			directory = graph.programs(name, *_split(word))
			if word in FUZZED:
				found += [Fuzz(name, word, f'{target} on corpus/seeds', [
					f'{directory}/{target}', f'-runs={FUZZED[word]}', '-seed=1',
					f'-artifact_prefix={FINDINGS}/'])
					  for target in ('fuzz_program', 'fuzz_model')]
				continue
			found.append(Explore(name, word, f'explore, {SCHEDULES[word]} schedules', [
				f'{directory}/explore', '--quiet', '--seed', '1..', '--schedules', str(SCHEDULES[word]),
				'--out', FINDINGS]))
			if word.endswith('8-slab'):
				found += [Stress(name, word, f'stress {workload}', [
					f'{directory}/stress', '--workload', workload, '--seed', '1', '--until-covered', '--quiet'])
					  for workload in self._workloads()]
		programs = sorted(glob.glob('corpus/litmus/*.prog')) + sorted(known.programs().values())
		return found + [Replay(self, manifest, words, path) for manifest, words in self._replayed()
				for path in programs]

	@staticmethod
	def _workloads():
		"""The names of stress's workloads: those of its source, since nothing is built yet."""
		text = evidence.read('stress/workload.c')
		return re.findall(r'^\t\t\.name = "(\w+)"', text, re.M)

	def build(self, cases):
		"""Builds what the cases need. Raises: Trouble, Interrupted."""
		needed = {case.program for case in cases} | {other for case in cases
							     for other in getattr(case, 'others', ())}
		build.build([target for target in self.targets() if target in needed], self.progress, file=graph.TOP)

	def cause(self, case):
		"""
		The known flaw with whose fix alone a program of corpus/litmus does what it expects, or None.

		Raises: Trouble, OSError, Interrupted.
		"""
		directory = os.path.dirname(case.argv[0])
		self.known = self.known or known.Known(self.manifest['name'], directory, self.progress)
		for flaw in known.programs():
			fixed = self.known.with_fix(flaw)
			if fixed is not None and corpus.word(self.known.said(fixed, case.path)) == 'same':
				return flaw
		return None

	def close(self, ran_all):
		"""The lines about known flaws; @ran_all: whether each program was replayed."""
		lines = [f"# known flaw: {flaw}: {known.title(flaw)}: {' '.join(paths)}"
			 for flaw, paths in sorted(self.here.items())]
		if ran_all and self.fixed is not self.manifest:
			lines += [f'# not seen in this tree: {flaw}: {known.title(flaw)}'
				  for flaw in known.programs() if flaw not in self.here]
		return lines


def prepare(text, variants, pattern, progress):
	"""
	Takes the tree and says what is to be run.

	Return: Whole, and its Cases that PATTERN asks for.
	"""
	os.makedirs(FINDINGS, exist_ok=True)
	whole = Whole(text, variants, progress)
	return whole, [case for case in whole.cases() if case.matches(pattern)]


def name_logs(cases, directory):
	"""Gives each case a log."""
	for case in cases:
		name = re.sub(r'[^\w.+-]+', '-', f'{case.name}.{case.what}')
		case.log = os.path.join(directory, f'{name}.log')

