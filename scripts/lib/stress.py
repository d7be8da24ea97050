# SPDX-License-Identifier: GPL-2.0-only
"""Runs of stress: one, and hunt's share of time for all workloads."""
import os
import shlex
import time

from lib import evidence, files, job
from lib.row import Row
from lib.start import Trouble

PATIENCE = 120		# seconds beyond its time, for a run that does not end
LONGEST = 30		# seconds of a run in a hunt
SEARCH = 20		# seconds of the search for a schedule of a failure
GRACE = 20		# seconds beyond the share, for workloads that have not run at all


class Run:
	"""
	One run of stress.

	@directory: of the binary
	@options: without --seconds, --report, --quiet
	@base: path of its log, report and program, without ".log", ".json" and ".prog"
	"""

	def __init__(self, directory, options, seconds, base):
		self.command = [f'{directory}/stress', *options, '--seconds', f'{seconds:.3f}'.rstrip('0').rstrip('.')]
		self.seconds = seconds
		self.directory = directory
		self.log, self.json, self.program = base + '.log', base + '.json', base + '.prog'
		self.report = {}
		self.failure = None	# in a few words
		self.trouble = None	# why it says nothing, or not all
		self.schedule = ''	# what the search for a schedule of the failure came to

	def run(self, tick=None):
		"""Runs it. Return: self. Raises: Trouble if it cannot be started."""
		ended = job.finish(job.Job([*self.command, '--report', self.json, '--program', self.program, '--quiet'],
					   log=self.log), self.seconds + PATIENCE, tick)
		text = evidence.read(self.log)
		self.report = files.read_json(self.json) or {}
		found = evidence.blocks(text)
		if found:
			self.failure = evidence.name(found[0])
		elif ended.status == 1 and not evidence.trouble(text) or self.report.get('verdict') == 'FAIL':
			self.failure = evidence.tail(text, 1) or ended.words()
		elif job.interrupted():
			self.trouble = job.interrupted()
		elif ended.status != 0:
			self.trouble = f'{ended.words()} ({evidence.tail(text, 2)})'
		elif self.report.get('verdict') != 'PASS':
			self.trouble = 'it left no verdict'
		elif not self.report.get('operations'):
			self.trouble = '0 operations'
		return self

	def search(self, seconds, jobs, findings, tick=None, more=()):	# pylint: disable=too-many-arguments
		"""
		Looks for a schedule that fails, of the program that the failure left; `schedule` says what came
		of it.

		@seconds, @jobs: of explore
		@findings: directory where findings go
		@more: options of explore

		Raises: Trouble if explore cannot be started.
		"""
		if not os.path.exists(self.program):
			self.schedule = 'no schedule of it: it left no program'
			return
		base = self.program[:-len('.prog')] + '-near'
		command = [f'{self.directory}/explore', '--near', self.program, '--seconds', f'{seconds:g}',
			   '--jobs', str(jobs), '--out', findings, *more]
		ended = job.finish(job.Job([*command, '--json', base + '.json'], log=base + '.log'),
				   seconds + PATIENCE, tick)
		said = files.read_json(base + '.json') or {}
		found = [finding['file'] for finding in said.get('findings') or [] if finding.get('file')]
		if found:
			self.schedule = 'as a schedule: ' + shlex.join([f'{self.directory}/replay', found[0], '--diagram'])
		elif said.get('schedules'):
			self.schedule = f"no schedule of it in {said['schedules']} of {self.program}: {shlex.join(command)}"
		else:
			self.schedule = (f'no schedule of it, the search failed: {ended.words()} '
					 f'({evidence.tail(evidence.read(base + ".log"), 1)})')

	def text(self, told=None):
		"""
		What it said, the command that runs it again, and its schedule.

		@told: the log that showed the same failure before: it is only named
		"""
		said = f'FAIL  {self.failure}  (the same as in {told})' if told else evidence.read(self.log).rstrip()
		return '\n'.join([said, f'again: {shlex.join(self.command)}', *([self.schedule] if self.schedule else [])])


class Workload:
	"""A row of the table: a workload with an engine, and its paths that were reached so far."""

	def __init__(self, engine, name, of=''):
		self.row = Row(engine, name, '1 run', of)
		self.paths = {}
		self.troubles = 0

	def rank(self):
		"""The least run first; of those that ran, the ones that have something missing."""
		missing = any(not count for count in self.paths.values())
		return (self.row.runs > 0 and (1 if missing else 2), self.row.runs)

	def add(self, run):
		"""Counts a run."""
		row = self.row
		row.began()
		row.runs += 1
		row.seconds += run.report.get('seconds', 0)
		row.done += run.report.get('operations', 0)
		for path, count in (run.report.get('paths') or {}).items():
			self.paths[path] = self.paths.get(path, 0) + count
		if self.paths:
			row.reached = f'{sum(1 for n in self.paths.values() if n)}/{len(self.paths)}'
		if run.failure:
			row.failures.append('; '.join(part for part in (
				run.failure, f'again: {shlex.join(run.command)}', run.schedule) if part))
		elif run.trouble:
			self.troubles += 1
			row.incomplete(f'{run.trouble}: {run.log}')

	def wanted(self):
		"""Whether more runs say more."""
		return not self.row.failures and self.troubles < 2


class Phase:
	"""
	Stress's share of a hunt: every engine gets to every workload, if need be for GRACE seconds more
	than the share, and the time that is left goes to those that have not reached
	their rare paths.

	@target: what is hunted
	@seconds: the share
	@seed, @threads: as hunt has them
	@out: the run's directory
	@progress: function that shows a text
	@findings, @jobs: where schedules of failures go, and how many processes look for them
	@told: evidence.Told: the failures that were shown
	"""

	def __init__(self, target, seconds, seed, threads, out, progress, findings, jobs, told):
		self.target = target
		self.seconds = seconds
		self.seed = seed
		self.threads = threads
		self.out = out
		self.progress = progress
		self.findings = findings
		self.jobs = jobs
		self.told = told
		self.workloads = []
		self.nr = 0
		self.overhead = 0.3	# seconds that a run takes beyond its time, lately

	def plan(self):
		"""Asks stress for its workloads. Return: the rows. Raises: Trouble, Interrupted."""
		directory, _ = self.target.stress(self.target.engines[0], 0, 0)
		names = [line.split()[0] for line in job.output([f'{directory}/stress', '--list']).splitlines()
			 if line.strip()]
		if not names:
			raise Trouble(f'{directory}/stress --list names no workload')
		self.workloads = [Workload(engine, name, self.target.of) for engine in self.target.engines for name in names]
		return [workload.row for workload in self.workloads]

	def _slice(self, left):
		"""Seconds of the next run: all workloads get to run once in the time that is left."""
		waiting = sum(1 for workload in self.workloads if not workload.row.runs)
		if waiting:
			return min(LONGEST, max(0.1, left / waiting - self.overhead))
		return min(LONGEST, max(1, self.seconds / (len(self.workloads) + 2)), left)

	def _one(self, workload, left):
		engine, name = workload.row.engine, workload.row.what
		directory, geometry = self.target.stress(engine, workload.row.runs, self.nr)
		options = ['--workload', name, '--threads', str(self.threads), '--seed',
			   str(self.seed + self.nr), *geometry]
		run = Run(directory, options, self._slice(left), os.path.join(self.out, f'{engine}-{name}-{self.nr}'))
		say = f"{workload.row.label} {name} ({' '.join(geometry)} --seed {self.seed + self.nr})"
		self.progress(say)
		began = time.monotonic()
		self.nr += 1
		run.run(lambda: self.progress(say))
		self.overhead = 0.7 * self.overhead + 0.3 * max(0, time.monotonic() - began - run.seconds)
		if run.failure:
			say = f'{workload.row.label} {name}: looks for a schedule of {run.failure}'
			run.search(min(SEARCH, max(2, self.seconds / 4)), self.jobs, self.findings,
				   lambda: self.progress(say))
		workload.add(run)
		return run

	def run(self, show):
		"""
		Runs until the time is over or the script is interrupted.

		@show: function that prints the text of a failed run

		Raises: Trouble if stress cannot be started.
		"""
		deadline = time.monotonic() + self.seconds
		while not job.interrupted():
			left = deadline - time.monotonic()
			wanted = [workload for workload in self.workloads if workload.wanted() and
				  (left > 0.1 or left > -GRACE and not workload.row.runs)]
			if not wanted:
				break
			run = self._one(min(wanted, key=Workload.rank), left)
			if run.failure:
				show(run.text(self.told.first(run.failure, run.log)))
