# SPDX-License-Identifier: GPL-2.0-only
"""The engines that are compared: how a trial of each is started, and what it says."""
import hashlib
import os
import re

from lib import files
from lib.start import Trouble

# The seeds of two trials of explore lie this far apart: seed N is the programs N, N + 1, ...
APART = 10 ** 9
THREADS = 4		# of stress
CONTROL = 'out/dev/explore'


class Result:
	"""What a trial came to; None: the engine cannot tell."""

	def __init__(self, detected, check, reached, schedules, digest=None):
		self.detected = detected
		self.check = check
		self.reached = reached
		self.schedules = schedules
		self.hash = digest	# of the schedules that were run


def _number(name):
	return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], 'big')


def weak(mutant):
	"""The option of explore that a mutant needs which only weak memory shows: W in its depth."""
	with open('core/kernel/mutants.def', encoding='utf-8') as file:
		needs = re.search(rf'^MUTANT\(\w+, "{re.escape(mutant)}", "[^"]*", "[^"]*W"', file.read(), re.M)
	return ['--weak'] if needs else []


def _read(path):
	said = files.read_json(path)
	if said is None:
		raise Trouble('it left no verdict')
	return said


class Engine:
	"""
	@name: "explore-dev", and with a strategy "explore-dev/surw"
	@binary: what is built and run
	"""

	def __init__(self, name, binary):
		self.name = name
		self.binary = binary
		self._build = None

	def build(self):
		"""Identifies what is run: trials of other builds are not mixed with those of these."""
		if self._build is None:
			sums = hashlib.sha256()
			for path in self.binaries():
				with open(path, 'rb') as file:
					sums.update(file.read())
			self._build = sums.hexdigest()[:12]
		return self._build

	def binaries(self):
		"""What decides a trial's row."""
		return [self.binary]

	def seed(self, trial):
		"""The seed of a trial. No two trials of any engines share schedules."""
		return (_number(self.name) % 10 ** 6 * 1000 + trial) * APART + 1

	def start(self, mutant, trial, directory, schedules):
		"""Return: argv and environment of a trial; it writes to @directory. @schedules: at most; 0: any number."""
		raise NotImplementedError

	def result(self, directory):
		"""Return: the Result of a trial that has ended. Raises: Trouble."""
		raise NotImplementedError


class Explore(Engine):
	"""Controlled schedules of generated programs."""

	def __init__(self, variant, strategy=None):
		super().__init__(f'explore-{variant}' + (f'/{strategy}' if strategy else ''), f'out/{variant}/explore')
		self.strategy = strategy

	def _argv(self, binary, trial, directory, schedules):
		return [binary, '--seed', f'{self.seed(trial)}..', '--quiet', '--out', f'{directory}/findings',
			'--json', f'{directory}/verdict.json', *(['--schedules', str(schedules)] if schedules else []),
			*(['--strategy', self.strategy] if self.strategy else [])]

	def start(self, mutant, trial, directory, schedules):
		return [*self._argv(self.binary, trial, directory, schedules), *weak(mutant), '--mutant', mutant], {}

	def binaries(self):
		return [self.binary, CONTROL]

	def control(self, mutant, trial, directory, schedules):
		"""The same schedules without the mutant, in dev: they are the same there."""
		return [*self._argv(CONTROL, trial, directory, schedules), *weak(mutant)], {}

	def result(self, directory):
		said = _read(f'{directory}/verdict.json')
		first = said['findings'][0] if said['findings'] else None
		# it ends with the first failure, whose schedule counts
		return Result(bool(said['failures']), first and first['check'], said['mutant_schedules'] > 0, said['schedules'],
			      said['hash'])


class Fuzz(Engine):
	"""A libFuzzer target, one process, from an empty corpus: programs of corpus/litmus show bugs by themselves."""

	def __init__(self, target, variant):
		super().__init__(f'{target}-{variant}', f"out/fuzz-{variant}/{target.replace('-', '_')}")

	def seed(self, trial):
		return _number(f'{self.name} {trial}') % 2 ** 31

	def start(self, mutant, trial, directory, schedules):
		corpus = f'{directory}/corpus'
		os.makedirs(corpus)
		return ([self.binary, f'-seed={self.seed(trial)}', f'-artifact_prefix={directory}/',
			 *([f'-runs={schedules}'] if schedules else []), corpus],
			{'SWAPHAMMER_MUTANT': mutant, 'SWAPHAMMER_JSON': f'{directory}/verdict.json',
			 **({'SWAPHAMMER_WEAK': '1'} if weak(mutant) else {})})

	def result(self, directory):
		said = _read(f'{directory}/verdict.json')
		first = said['findings'][0] if said['findings'] else None
		return Result(bool(first), first and first['check'], said['mutant_reached'], said['done']['schedules'])


class Stress(Engine):
	"""Free-running threads: they have no schedules to count."""

	def __init__(self, variant):
		super().__init__(f'stress-{variant}', f'out/{variant}/stress')

	def start(self, mutant, trial, directory, schedules):
		return [self.binary, '--workload', 'mixed', '--threads', str(THREADS), '--seconds', '86400',
			'--seed', str(self.seed(trial)), '--slots', '8', '--table', 'page' if trial % 2 else 'slab',
			'--watchdog', '15', '--mutant', mutant, '--quiet', '--report', f'{directory}/verdict.json'], {}

	def result(self, directory):
		said = _read(f'{directory}/verdict.json')
		failed = said['verdict'] == 'FAIL'
		return Result(failed, said.get('failure', {}).get('check') if failed else None, said['mutant_reached'], None)


ALL = ('explore-dev', 'explore-asan', 'explore-tsan', 'fuzz-program-asan', 'fuzz-program-tsan', 'fuzz-model-asan',
       'stress-tsan', 'stress-asan')


def make(names, strategies):
	"""
	The engines of these names; explore once for each of @strategies, or with its default.

	Return: a list of Engine.
	"""
	found = []
	for name in names:
		kind, _, variant = name.rpartition('-')
		if kind == 'explore':
			found += [Explore(variant, strategy) for strategy in strategies or [None]]
		elif kind == 'stress':
			found.append(Stress(variant))
		else:
			found.append(Fuzz(kind, variant))
	return found
