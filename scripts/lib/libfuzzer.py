# SPDX-License-Identifier: GPL-2.0-only
"""
Runs one libFuzzer target for a while, in one or more processes that share a corpus.

libFuzzer's exit statuses: 0 the time or the runs are over, 72 interrupted, 77 a failure, 70 a
timeout, 71 out of memory, and anything else for what it cannot do. A timeout and memory are looked
at again with the input alone, since a loaded machine is no failure.
"""
import contextlib
import os
import re
import time

from lib import evidence, files, job, options as opt
from lib.start import Trouble

TIMEOUT, MEMORY, INTERRUPTED = 70, 71, 72
RESTARTS = 3		# of a process that dies without a failure
PATIENCE = 30		# seconds over time, for a process that is still reading its seeds
SEEDS = ('corpus/seeds', 'corpus/litmus')
# what a target says when it has left out a seed: between two of these is one failure
_LEFT_OUT = re.compile(r'^seed (.*) fails: goes on without it$', re.M)
_STARTS = re.compile(r'^INFO: Seed: ', re.M)	# of the process, which starts itself anew without a seed that failed
_OF_SEEDS = re.compile(r'^\w+: seeds that fail: \d+$', re.M)


class Failure:
	"""A distinct failure: its name, its block, how often it was seen, its files."""

	def __init__(self, name, text):
		self.name = name
		self.text = text
		self.count = 0
		self.files = []


class _Process:
	"""One of the processes: its log, and what it has done in all its starts."""

	def __init__(self, number, log):
		self.number = number
		self.log = log
		self.json = re.sub(r'\.log$', '', log) + '.json'
		self.seeds = 0		# that the present start has left out, and that were told
		self.job = None
		self.start = 0		# where in the log the present start begins
		self.restarts = 0
		self.executed = 0	# by earlier starts
		self.through = False	# it has read its seeds once, and gone on

	def text(self, last=None):
		"""What the present start has said, or the @last bytes of that."""
		begin = self.start if last is None else max(self.start, _size(self.log) - last)
		return evidence.read(self.log, begin)


class Session:
	"""
	@binary: of the target
	@options: libFuzzer's, as given by the user
	@seconds: how long
	@jobs: how many processes
	@seed: of the first process; the others have the next ones
	@corpus: directory where new inputs go
	@logs: directory of the logs
	@findings: directory of libFuzzer's artifacts and of programs
	@left_out: file with the seeds that fail, which grows; None: one of this session
	@progress: Progress
	"""

	def __init__(self, binary, seconds, jobs, seed, corpus, logs, findings, progress,
		     options=(), keep_going=False, label='', left_out=None):
		self.binary = binary
		self.target = os.path.basename(binary)
		self.seconds = seconds
		self.seed = seed
		self.corpus = corpus
		self.findings = findings
		self.progress = progress
		self.options = list(options)
		self.keep_going = keep_going
		self.label = label or self.target
		self.logs = logs
		self.left_out = left_out or f'{logs}/{self.target}.left-out'
		self.failures = {}	# name -> Failure
		self.reasons = []	# why it is incomplete
		self.excluded = []	# seeds that fail
		self.schedules = 0	# that ended processes have run
		self.records = {}	# of failures, by their name
		self.over = False
		self.began = time.monotonic()
		self.took = 0.0
		self.processes = [_Process(n + 1, f'{logs}/{self.target}.{n + 1}.log') for n in range(jobs)]

	# --- processes ------------------------------------------------------------------------

	def _argv(self, process, left):
		options = [f'-artifact_prefix={self.findings}/', f'-max_total_time={max(1, round(left))}',
			   '-print_final_stats=1', f'-seed={self.seed + process.number - 1}']
		if self.target == 'fuzz_parse':
			options.append('-dict=fuzz/program/program.dict')
		return [self.binary, *options, *self.options, self.corpus,
			*(path for path in SEEDS if os.path.isdir(path))]

	def _launch(self, process):
		"""Starts a process for the time that is left, if any."""
		left = self.seconds - (time.monotonic() - self.began)
		process.job = None
		if self.over or job.interrupted() or left < 0.5:
			return
		with contextlib.suppress(FileNotFoundError):
			process.start = os.path.getsize(process.log)
		process.seeds = 0
		process.job = job.Job(self._argv(process, left), log=process.log, env={
			'SWAPHAMMER_JSON': process.json, 'SWAPHAMMER_LEFT_OUT': os.path.abspath(self.left_out)})

	def run(self):
		"""Fuzzes. Return: self. Raises: Trouble if a process cannot be started."""
		ticks = 0
		for process in self.processes:
			self._launch(process)
		while any(process.job for process in self.processes):
			job.wait(0.5)
			for process in self.processes:
				if process.job and process.job.poll():
					self._ended(process)
			if job.interrupted():
				self._stop(job.interrupted())
			if time.monotonic() - self.began > self.seconds + PATIENCE:
				self._stop(f'not ended {PATIENCE} s after its time')
			ticks += 1
			if ticks % 4 == 0:
				for process in self.processes:
					if process.job and not process.through:
						self._read_seeds(process)
				self.progress.live(self.numbers())
		self.took = time.monotonic() - self.began
		self._put_aside()
		self._look_back()
		return self

	def _stop(self, reason=None):
		"""Ends all processes; what they did counts."""
		self.over = True
		if reason:
			self._reason(reason)
		running = [process for process in self.processes if process.job]
		job.end([process.job for process in running])
		for process in running:
			self._ended(process)

	def _reason(self, why):
		if why not in self.reasons:
			self.reasons.append(why)

	def _ended(self, process):
		"""A process has ended: over, a failure, or trouble of its own."""
		ended, whole, text = process.job, process.text(), self._read_seeds(process)
		process.job = None
		through = bool(re.search(r'^#\d+\s+INITED', text, re.M))
		process.through |= through
		process.executed += sum(map(_executed, _STARTS.split(whole)))
		process.start = _size(process.log)
		self._read_json(process)
		if ended.status in (TIMEOUT, MEMORY) and not self._again(ended.status, text):
			self._died(process, f'{ended.words()} that its input alone does not show', text)
		elif found := evidence.blocks(text):
			self._failed(process, found[-1], text, through)
		elif ended.status == 77 and not _OF_SEEDS.search(text):
			self._failed(process, f'FAIL  {self.target}\n{text[-3000:]}', text, through)
		elif ended.status not in (0, 77, INTERRUPTED) and not (self.over and ended.status < 0):
			self._died(process, ended.words(), text)
		elif ended.status == INTERRUPTED and not self.over:
			self._died(process, 'interrupted by another process', text)

	def _read_seeds(self, process):
		"""
		Tells the seeds that the present start of a process has left out since the last look.

		Return: what it has said since the last one that it left out.
		"""
		parts = _LEFT_OUT.split(process.text())
		for said, path in list(zip(parts[::2], parts[1::2]))[process.seeds:]:
			if path not in self.excluded:	# by another start or process
				self._count((evidence.blocks(said) or [f'FAIL  {self.target}\n{said[-3000:]}'])[-1], said)
				self.progress.say(f'{path} fails: goes on without it')
				self.excluded.append(path)
		process.seeds = len(parts) // 2
		return parts[-1]

	def _put_aside(self):
		"""Takes seeds that fail out of our corpus, and keeps them. No process reads the corpus any more."""
		for path in self.excluded:
			if path.startswith(self.corpus + '/') and os.path.exists(path):
				aside = os.path.join(self.findings, 'seeds')
				os.makedirs(aside, exist_ok=True)
				os.replace(path, os.path.join(aside, os.path.basename(path)))

	def _read_json(self, process):
		"""The records of failures that a process has left, and how much it did."""
		said = files.read_json(process.json) or {}
		self.schedules += said.get('done', {}).get('schedules', 0)
		for found in said.get('findings', []):
			self.records.setdefault(' '.join(found['key'].split()), found)

	def _died(self, process, how, text):
		"""A process ended without a failure, before its time: once more, but not for ever."""
		process.restarts += 1
		self._reason(f'process {process.number}: {how} ({evidence.tail(text, 3)})')
		if process.through and process.restarts <= RESTARTS:
			self._launch(process)

	def _count(self, block, text):
		"""A failure was found: it is told once, and counted."""
		block = block.split('\nartifact_prefix=', maxsplit=1)[0]
		name = evidence.name(block)
		failure = self.failures.setdefault(name, Failure(name, block))
		failure.count += 1
		paths = re.findall(r'^saved (\S+)|Test unit written to (\S+)', text, re.M)
		paths = [one or two for one, two in paths]
		failure.files += [path for path in paths if path not in failure.files]
		if failure.count == 1:
			self.progress.line('\n' + block + '\n')

	def _failed(self, process, block, text, through):
		"""A process has ended with a failure."""
		self._count(block, text)
		if not through:
			if not self.over:
				self._reason('fails in its seeds, and it is not known in which one')
				self._stop()
		elif self.keep_going:
			self._launch(process)
		elif not self.over:
			self._stop()

	def _again(self, status, text):
		"""Runs a saved input alone. Return: does it show the same again?"""
		path = re.search(r'Test unit written to (\S+)', text)
		if not path or job.interrupted():
			return False
		log = f'{self.logs}/{self.target}.again.log'
		again = job.finish(job.Job([self.binary, f'-artifact_prefix={self.logs}/again-', path.group(1)],
					   log=log), seconds=120)
		return again.status == status or bool(evidence.blocks(evidence.read(log)))

	def _look_back(self):
		"""What was asked for and not done."""
		for process in self.processes:
			if not process.through and not self.failures:
				self._reason(f'process {process.number} did not get through its seeds')
		if not self.executed():
			self._reason('0 executions')
		wanted = any(re.match('-runs=[0-9]', option) for option in self.options)
		if not self.reasons and not self.failures and not wanted and self.took < self.seconds - 1.5:
			self._reason(f'ended after {self.took:.0f} of {self.seconds:.0f} s')

	def findings_json(self, before):
		"""
		The failures as the findings of a verdict, fuzz/tools/verdict.schema.json.

		@before: names of files that were there before the session
		"""
		found = []
		for failure in self.failures.values():
			record = self.records.get(failure.name, {})
			file = failure.files[0] if failure.files else None
			found.append({'check': failure.name.split()[0], 'key': failure.name, **record, 'file': record.get('file') or file,
				      'count': failure.count, 'new': os.path.basename(file or '') not in before})
		return found

	# --- numbers --------------------------------------------------------------------------

	def executed(self):
		"""Executions of all processes so far."""
		return sum(process.executed + (_executed(process.text(100000)) if process.job else 0)
			   for process in self.processes)

	def failed(self):
		"""How often a failure was seen."""
		return sum(failure.count for failure in self.failures.values())

	def numbers(self):
		"""Executions, coverage and inputs of all processes so far, in a line."""
		seconds = (self.took or time.monotonic() - self.began) or 1
		last = {'cov': 0, 'ft': 0, 'corp': 0}
		for process in self.processes:
			text = evidence.read(process.log, max(0, _size(process.log) - 100000))
			for line in reversed(text.splitlines()):
				if re.match(r'#\d+\t', line):
					for word in last:
						value = re.search(rf' {word}: (\d+)', line)
						last[word] = max(last[word], int(value.group(1)) if value else 0)
					break
		executed = self.executed()
		return (f"{seconds:6.0f} s  {self.label}  {executed} executions  {executed / seconds:.0f}/s  "
			f"{last['cov']} edges  {last['ft']} features  {last['corp']} inputs  "
			f'{self.failed()} failures')


def _size(path):
	return os.path.getsize(path) if os.path.exists(path) else 0


def _executed(text):
	"""Inputs that a start of libFuzzer has executed: its closing statistics, or its last line."""
	numbers = (re.findall(r'^stat::number_of_executed_units: (\d+)', text, re.M) or
		   re.findall(r'^#(\d+)\t', text, re.M))
	return int(numbers[-1]) if numbers else 0


def check_options(binary, options):
	"""
	Refuses what libFuzzer would only warn about, or take for something else.

	@options: as given by the user

	Raises: Trouble.
	"""
	ours = {'max_total_time': '--minutes', 'jobs': '--jobs', 'workers': '--jobs', 'fork': '--jobs',
		'merge': 'scripts/minimize', 'set_cover_merge': 'scripts/minimize',
		'minimize_crash': 'out/asan/shrink', 'cleanse_crash': 'out/asan/shrink', 'help': '--help'}
	text = job.output([binary, '-help=1'])
	names = set(re.findall(r'^ (\w+) +\t', text, re.M))
	if not names:
		raise Trouble(f'{binary} -help=1 lists no options')
	for option in options:
		name, _, value = option[1:].partition('=')
		if name in ours:
			raise Trouble(f"'{option}': use {ours[name]}")
		if name not in names:
			raise Trouble(f"'{option}': libFuzzer has no option '{name}'{opt.near(name, names)}")
		if re.match(r'\s*[-+]?\d', value) or not value.strip():
			number = re.fullmatch(r'-1|0|[1-9][0-9]*', value)
			if not number or int(value) >= 2 ** 31:
				raise Trouble(f"'{option}': takes a number from -1 to {2 ** 31 - 1}")
