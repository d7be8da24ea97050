# SPDX-License-Identifier: GPL-2.0-only
"""
The engines of a night, each with a variant and a strategy: arms of the bandit. A slice of an arm
has a directory of its own, and what it found is read from there, also when nobody was left to
say it: harvest() is what a restart calls.
"""
import glob
import os
import re
import shlex
import shutil

from lib import corpora, evidence, explore, files, job, libfuzzer, stress
from lib.night import cause
from lib.start import Trouble

SAME = 3		# findings of one check and place in a slice that are looked at
PARTS = 3		# runs of explore in a slice
APART = 10 ** 7		# seeds between two of them: more than one gets through
PATIENCE = 60		# seconds beyond its time
_ARTIFACT = re.compile(r'(?:crash|timeout|oom|leak|slow-unit)-')


class Raw:
	"""
	A finding as an engine left it.

	@arm: the Arm
	@program: its path; None if it has none
	@block: what was said, of one without a program
	@key: check and place, as far as it is known; the flaw that it shows if the arm knows it
	@command: that shows it again, of one without a program
	"""

	def __init__(self, arm, program=None, block='', key='', command=''):	# pylint: disable=too-many-arguments
		self.arm = arm
		self.program = program
		self.block = block
		self.key = key or cause.key_of(block)
		self.command = command

	@property
	def name(self):
		"""What it is called in the journal."""
		return self.program or f'{self.arm.name}: {self.key}'


class Slice:
	"""What an arm did in a slice of time."""

	def __init__(self, directory):
		self.directory = directory
		self.seconds = 0.0
		self.done = 0		# schedules, executions, operations
		self.fresh = 0.0	# how much of what was reached is new on this machine: 0 to 1
		self.reasons = []
		self.pairs = 0		# pairs of events, of an exploration; edges of a fuzzer
		self.curve = []		# [seconds, pairs] as they grew
		self.paths = {}		# rare path -> how often

	def facts(self):
		"""For the journal."""
		return {'seconds': round(self.seconds, 2), 'done': self.done, 'fresh': round(self.fresh, 4),
			'reasons': self.reasons, 'pairs': self.pairs, 'curve': self.curve[-200:], 'paths': self.paths}


class Arm:
	"""
	@name: of the arm, as "core explore dev portfolio"; it is kept
	@code: "core", or the name of a tree
	@variant: dev, tsan, asan
	@directory: of its program
	@tools: directories with replay and shrink that may show its findings again, the fastest first
	@mutants: known bugs that are on, as "a+b"; ""
	@known: function from a finding (file, key) to the name of a known flaw, or None
	"""

	kind = ''
	unit = ''
	shortest = 1	# seconds of a slice

	def __init__(self, name, code, variant, directory, tools, mutants='', known=None):	# pylint: disable=too-many-arguments
		self.name = name
		self.code = code
		self.variant = variant
		self.directory = directory
		self.tools = tools
		self.mutants = mutants
		self.known = known or (lambda finding: None)

	def run(self, seconds, seed, directory, night):
		"""
		Runs it for a slice. Return: the Slice. Raises: Trouble, OSError.

		@night: has ground (a dictionary of this arm, which is kept), live(text), cores, left()
		"""
		raise NotImplementedError

	def alone(self, program):
		"""The command that runs one program as this arm does."""
		return [f'{self.tools[-1]}/explore', '--near', program]

	def harvest(self, directory):
		"""What a slice left in its directory: Raws. Of one check and place no more than SAME."""
		found, count = [], {}
		for raw in self._all(directory):
			count[raw.key] = count.get(raw.key, 0) + 1
			if count[raw.key] <= SAME:
				found.append(raw)
		return found

	def _all(self, directory):
		raise NotImplementedError

	def _programs(self, directory):
		"""Raws of the programs in a directory."""
		for path in sorted(glob.glob(f'{glob.escape(directory)}/*.prog')):
			text = evidence.read(path)
			key = re.match(r'# (.*)\n', text)
			expect = re.search(r'^expect\s+(\S+)', text, re.M)
			yield Raw(self, path, key=key.group(1) if key else expect.group(1) if expect else '')


def _grown(arm, ground, pairs):
	"""How much more pairs these are than an arm ever had."""
	best = ground.get('pairs', 0)
	ground['pairs'] = max(best, pairs)
	return max(0, pairs - best) / pairs if pairs else 0.0


class Explore(Arm):
	"""
	explore. @options: --strategy and the like; @programs: files to search near, or none: generated ones.

	A slice is some runs: in a run the first failure of a check and place is kept, and what fails
	at the same place for another cause is met first by another run.
	"""

	kind = 'explore'
	unit = 'schedules'

	def __init__(self, name, options=(), programs=(), **more):
		super().__init__(name, **more)
		self.options = list(options)
		self.programs = list(programs)

	def command(self, seconds, seed, directory, cores):
		"""What is run."""
		where = ['--near'] if self.programs else []
		mutants = ['--mutant', self.mutants] if self.mutants else []
		return [f'{self.directory}/explore', '--seconds', str(max(1, round(seconds))), '--seed', f'{seed}..', '--jobs',
			str(min(cores, 64)), '--keep-going', '--coverage', *where, *self.options, *mutants,
			'--out', f'{directory}/raw', '--json', f'{directory}/said.json', *self.programs]

	def run(self, seconds, seed, directory, night):
		did = Slice(directory)
		parts = max(1, min(PARTS, int(seconds / 2)))
		for part in range(1, parts + 1):
			if not job.interrupted():
				os.makedirs(f'{directory}/{part}', exist_ok=True)
				self._part(did, seconds / parts, seed + part * APART, f'{directory}/{part}', night)
		did.fresh = _grown(self, night.ground, did.pairs)
		return did

	def _part(self, did, seconds, seed, directory, night):
		self._explore(did, self.command(seconds, seed, directory, night.cores), seconds, directory, night)

	def _explore(self, did, command, seconds, directory, night):	# pylint: disable=too-many-arguments
		"""A run of explore, and what it said."""
		log = f'{directory}/log'
		ended = job.finish(job.Job(command, log=log), seconds + PATIENCE, lambda: night.live(self.name))
		said, text = files.read_json(f'{directory}/said.json'), evidence.read(log)
		begin = did.seconds
		did.seconds += ended.seconds
		if job.interrupted():
			return
		if not said or said.get('verdict') not in ('PASS', 'FAIL', 'INCOMPLETE'):
			did.reasons.append(f'{ended.words()}, no verdict ({evidence.tail(text, 2)})')
			said = said or {}
		elif said['verdict'] == 'INCOMPLETE':
			did.reasons.append(said.get('reason') or 'explore does not say why')
		done = (said.get('done') or {}).get('schedules') or 0
		did.done += done
		did.curve += [[round(begin) + int(at), int(pairs)] for at, pairs in
			      re.findall(r'^ *(\d+) s  .*?(\d+) behaviours', text, re.M)]
		did.pairs = max(did.pairs, said.get('behaviours') or 0)
		did.curve.append([round(did.seconds), said.get('behaviours') or 0])
		for path, count in re.findall(r'^path\t(.*)\t(\d+)$', text, re.M):
			did.paths[path] = did.paths.get(path, 0) + int(count)
		if said and not done:
			did.reasons.append('0 schedules')

	def _all(self, directory):
		for part in sorted(glob.glob(f'{glob.escape(directory)}/[0-9]*')):
			yield from self._part_left(part)

	def _part_left(self, directory):
		if os.path.isdir(f'{directory}/scout'):
			yield from self._part_left(f'{directory}/scout')
		yield from self._programs(f'{directory}/raw')
		text = evidence.read(f'{directory}/log')
		for check, where, words in re.findall(
				r'^(?:\r\033\[K)?FOUND  (\S+)  (.*?)  \(seed.*\n\s+no program: ((?:.*\n){1,60})', text, re.M):
			yield Raw(self, block=words, key=f'{check}  {where}', command=f'see {directory}/log')


class Scouted(Explore):
	"""
	explore in a sanitizer's variant near the schedules that a faster one, which has a fifth of the time,
	found worth it. @scout: directory of that one's program
	"""

	shortest = 5

	def __init__(self, name, scout, **more):
		super().__init__(name, **more)
		self.scout = scout

	def _part(self, did, seconds, seed, directory, night):
		ahead, worth = max(1, seconds / 5), f'{directory}/worth'
		seconds = max(1, seconds - ahead)
		reasons = len(did.reasons)
		os.makedirs(f'{directory}/scout', exist_ok=True)
		command = self.command(ahead, seed, f'{directory}/scout', night.cores)
		self._explore(did, [f'{self.scout}/explore', *command[1:], '--worth', worth, '--worth-max',
				    str(explore.worth_max(seconds, night.cores))],
			      ahead, f'{directory}/scout', night)
		if job.interrupted() or len(did.reasons) > reasons:
			return
		if glob.glob(f'{glob.escape(worth)}/*.prog'):
			self._explore(did, [*self.command(seconds, seed, directory, night.cores), '--near', worth], seconds,
				      directory, night)
			stale = explore.stale(files.read_json(f'{directory}/said.json') or {})
			if stale:
				did.reasons.append(stale)
			if len(did.reasons) == reasons and not job.interrupted():
				shutil.rmtree(worth, ignore_errors=True)
		else:
			did.reasons.append(f'{self.scout} found no schedule worth it')


class Fuzz(Arm):
	"""libFuzzer on one target. @target: fuzz_program, ...; @corpus: directory that is gone on from."""

	kind = 'fuzz'
	unit = 'executions'
	shortest = 20	# it reads its seeds first

	def __init__(self, name, target, corpus, **more):
		super().__init__(name, **more)
		self.target = target
		self.corpus = corpus

	def run(self, seconds, seed, directory, night):
		did = Slice(directory)
		for path in (self.corpus, f'{directory}/raw'):
			os.makedirs(path, exist_ok=True)
		before = len(os.listdir(self.corpus))
		session = libfuzzer.Session(f'{self.directory}/{self.target}', max(1, round(seconds)), 1, seed % 2 ** 31 + 1,
					    self.corpus, directory, f'{directory}/raw', night.quiet(self.name), keep_going=True,
					    left_out=self._left_out())
		old = os.environ.pop('SWAPHAMMER_MUTANT', None)
		if self.mutants:
			os.environ['SWAPHAMMER_MUTANT'] = self.mutants
		try:
			session.run()
			if not session.failures and not job.interrupted():
				corpora.minimise(session.binary, self.corpus, directory, night.quiet(self.name))
		finally:
			os.environ.pop('SWAPHAMMER_MUTANT', None)
			if old is not None:
				os.environ['SWAPHAMMER_MUTANT'] = old
		did.seconds, did.done = session.took, session.executed()
		numbers = session.numbers()
		edges = re.search(r'(\d+) edges', numbers)
		did.pairs = int(edges.group(1)) if edges else 0
		after = len(os.listdir(self.corpus))
		did.fresh = max(0, after - before) / after if after else 0.0
		if not job.interrupted():
			did.reasons += session.reasons
			if not did.done and not session.failures:
				did.reasons.append('0 executions')
		return did

	def _left_out(self):
		"""The file with the seeds that fail, in any variant: anew when the target has been built anew."""
		path = f"{self.corpus}{'.' + self.mutants if self.mutants else ''}.left-out"
		if os.path.exists(path) and os.path.getmtime(path) < os.path.getmtime(f'{self.directory}/{self.target}'):
			os.unlink(path)
		return path

	def alone(self, program):
		mutants = [f'SWAPHAMMER_MUTANT={self.mutants}'] if self.mutants else []
		return ['env', *mutants, f'{self.directory}/{self.target}', program] if mutants else \
			[f'{self.directory}/{self.target}', program]

	def _all(self, directory):
		named = set()
		for raw in self._programs(f'{directory}/raw'):
			named.add(raw.key.split()[0] if raw.key else '')
			yield raw
		if named:	# of each artifact a program is beside it
			return
		blocks = [block for log in sorted(glob.glob(f'{glob.escape(directory)}/{self.target}.*.log'))
			  for block in evidence.blocks(evidence.read(log))]
		artifacts = [name for name in sorted(os.listdir(f'{directory}/raw')) if _ARTIFACT.match(name)] \
			if os.path.isdir(f'{directory}/raw') else []
		for block in blocks:
			block = block.split('\nartifact_prefix=', maxsplit=1)[0]
			again = [path for path in artifacts if not path.startswith('slow-unit')]
			yield Raw(self, block=block, key=cause.key_of(block) or evidence.name(block),
				  command=shlex.join([f'{self.directory}/{self.target}', f'{directory}/raw/{again[0]}'])
				  if again else f'see {directory}')


class Stress(Arm):
	"""
	Free-running threads: the workload that has run least, of those with rare paths that it has not
	reached. @geometry: function from the number of a run to a directory and options.
	"""

	kind = 'stress'
	unit = 'operations'

	def __init__(self, name, geometry, threads=4, **more):
		super().__init__(name, **more)
		self.geometry = geometry
		self.threads = threads
		self.workloads = []

	def _workload(self, ground):
		if not self.workloads:
			text = job.output([f'{self.directory}/stress', '--list'])
			self.workloads = [line.split()[0] for line in text.splitlines() if line.strip()]
		if not self.workloads:
			raise Trouble(f'{self.directory}/stress --list names no workload')

		def rank(name):
			runs, paths = ground.get(name, [0, {}])
			return runs > 0 and (1 if any(not count for count in paths.values()) else 2), runs
		return min(self.workloads, key=rank)

	def run(self, seconds, seed, directory, night):
		did = Slice(directory)
		workload = self._workload(night.ground)
		runs, paths = night.ground.get(workload, [0, {}])
		where, options = self.geometry(runs)
		mutants = [word for mutant in self.mutants.split('+') if mutant for word in ('--mutant', mutant)]
		run = stress.Run(where, ['--workload', workload, '--threads', str(self.threads), '--seed', str(seed),
					 *options, *mutants], seconds, f'{directory}/stress')
		files.write(f'{directory}/command', shlex.join(run.command) + '\n')
		run.run(lambda: night.live(f'{self.name} {workload}'))
		did.seconds = run.report.get('seconds') or seconds
		did.done = run.report.get('operations') or 0
		did.paths = run.report.get('paths') or {}
		new = [path for path, count in did.paths.items() if count and not paths.get(path)]
		did.fresh = len(new) / len(did.paths) if did.paths else 0.0
		night.ground[workload] = [runs + 1, {path: count + paths.get(path, 0) for path, count in did.paths.items()}
					  or paths]
		if run.trouble and not job.interrupted():
			did.reasons.append(f'{workload}: {run.trouble}')
		if run.failure and not job.interrupted() and night.left() >= 1:
			run.search(max(1, round(min(stress.SEARCH, night.left()))), night.cores, f'{directory}/near',
				   lambda: night.live(f'{self.name}: looks for a schedule of {run.failure}'),
				   ['--keep-going', *(['--mutant', self.mutants] if self.mutants else [])])
			files.write(f'{directory}/schedule', run.schedule + '\n')
		return did

	def _all(self, directory):
		yield from self._programs(f'{directory}/near')	# with a schedule: the threads' failure is known then
		text = evidence.read(f'{directory}/stress.log')
		command = evidence.read(f'{directory}/command').strip()
		for block in evidence.blocks(text)[:1]:	# what comes behind the first follows from it
			yield Raw(self, block=block, key=cause.key_of(block) or evidence.name(block), command=command)
