# SPDX-License-Identifier: GPL-2.0-only
"""scripts/hunt: the main job. See TEXT."""
import os
import time

from lib import build, corpora, evidence, explore, files, job, libfuzzer, options, stress
from lib.progress import Progress
from lib.row import Row, table, times
from lib.start import Trouble
from lib.target import Core, Tree
from lib.trees import checks
from lib.verdict import Verdict

OUT = 'out/hunt'
FINDINGS = 'out/findings'
FUZZ = 'out/fuzz'
JOBS_MAX = 64		# explore's
TEXT = """
Sets up, builds, and hunts under TSan and ASan: stress with pthreads, with more time for workloads
that have not yet reached their rare paths; exploration of generated programs on the controlled
machine, also without a sanitizer, which is faster, and then near the schedules that were worth it
there; libFuzzer. Exit status: 0 nothing wrong and all done, 1 a failure was found, 2 not done.
"""
LEGEND = """planned: at least; done: operations of stress, schedules of explore (runs: its programs),
executions of fuzzers; reached: rare paths of the workload (not each run meets all), pairs of events of two tasks
on one object"""
LEGEND_NEAR = ', near: schedules of another variant that were replayed, of how many'
LEGEND_TREE = '\nas it is: the tree; fixed: the tree with the fixes of its known flaws, which would hide others'


def parse(argv):
	"""The arguments of scripts/hunt."""
	parser = options.Parser('hunt', TEXT)
	parser.add_argument('--minutes', metavar='M', type=options.minutes, default=2,
			    help='how long to hunt, after building (default 2; fractions are fine)')
	parser.add_argument('--seed', metavar='S', type=options.integer(0, 2 ** 63 - 1),
			    default=int(time.time()) % 2 ** 31,
			    help='the base of all seeds (default: from the clock; printed)')
	parser.add_argument('--threads', metavar='N', type=options.integer(1, 64), default=4,
			    help='pthreads per stress run (default 4)')
	parser.add_argument('--tree', metavar='TREE',
			    help='hunt a kernel tree: "debian", a directory, or a name that scripts/tree gave')
	return parser.parse_args(argv)


class Hunt:
	"""
	One hunt: half of the time is exploration's, a fifth the fuzzers', the rest stress's.

	@target: what is hunted (lib.target)
	@minutes, @seed, @threads: as scripts/hunt has them
	@progress: Progress
	"""

	def __init__(self, target, minutes, seed, threads, progress):
		self.target = target
		self.seed = seed
		self.threads = threads
		self.progress = progress
		self.seconds = int(minutes * 60)
		self.cores = min(len(os.sched_getaffinity(0)), JOBS_MAX)
		self.explorations = target.explorations()
		parts = sum(exploration.parts for exploration in self.explorations)
		if self.seconds < 2 * parts:	# too short for one variant to look ahead for another
			scouts = {exploration.scout for exploration in self.explorations}
			self.explorations = [each for each in self.explorations if each.label not in scouts]
			parts = sum(exploration.parts for exploration in self.explorations)
		self.explore_seconds = {exploration.label: max(1, self.seconds * exploration.parts // (2 * parts))
					for exploration in self.explorations}
		self.fuzz_seconds = max(1, self.seconds // (5 * len(target.fuzzers)))
		self.stress_seconds = max(0, self.seconds - sum(self.explore_seconds.values()) -
					  self.fuzz_seconds * len(target.fuzzers))
		tree = f'{checks.parameter(target.name)} ' if target.name != 'core' else ''
		self.verdict = Verdict('hunt', f'{tree}minutes={minutes:g} seed={seed} threads={threads}')
		self.explore_rows, self.fuzz_rows, self.stress_rows = [], [], []
		self.told = evidence.Told()
		self.began = None
		self.out = None
		self._plan()

	def _plan(self):
		"""The rows of what is to be done; those of stress come when it can be asked."""
		self.stress_rows = [Row(engine, 'stress', f'{self.stress_seconds} s', self.target.of)
				    for engine in self.target.engines]
		self.explore_rows = [run.row for exploration in self.explorations for run in self._runs(exploration)]
		self.fuzz_rows = [Row(variant, name, f'{self.fuzz_seconds} s', self.target.of)
				  for variant, name in self.target.fuzzers]

	def rows(self):
		"""All rows of the table."""
		return self.stress_rows + self.explore_rows + self.fuzz_rows

	def _took(self):
		"""Seconds of the hunt so far, and those in which known flaws were named, which --minutes does not bound; in words."""
		naming = sum(getattr(known, 'took', 0) for known in {each.known for each in self.explorations})
		hunted = time.monotonic() - self.began - naming
		return f'{hunted:.0f}', f' and {naming:.0f} s of naming flaws' if naming >= 1 else ''

	def live(self, text):
		"""How far it is."""
		hunted, naming = self._took()
		self.progress.live(f'{hunted}/{self.seconds} s{naming}  {text}')

	# --- phases ---------------------------------------------------------------------------

	def stress(self):
		"""pthreads that hammer."""
		phase = stress.Phase(self.target, self.stress_seconds, self.seed, self.threads, self.out, self.live,
				     FINDINGS, self.cores, self.told)
		self.stress_rows = phase.plan()
		phase.run(lambda text: self.progress.line('\n' + text + '\n'))

	def _near_seconds(self, exploration):
		"""Seconds of the search near what another one found worth it; 0: none."""
		scouted = exploration.scout in {each.label for each in self.explorations}
		return self.explore_seconds[exploration.label] // 2 if scouted else 0

	def _runs(self, exploration):
		"""Its runs of explore: new programs and, after another one, near what that one found worth it."""
		scouted = [self._near_seconds(other) for other in self.explorations if other.scout == exploration.label]
		worth, near = self._worth(exploration.label), self._near_seconds(exploration)
		base = f"{self.out}/explore-{exploration.directory.replace('/', '-')}"
		seconds = self.explore_seconds[exploration.label]
		first = self.seed % 1000000 * 10 ** 9 + 1
		if near:	# these programs have been explored
			first += 5 * 10 ** 8
		common = {'jobs': self.cores, 'findings': FINDINGS, 'known': exploration.known}
		runs = [explore.Run(exploration.directory, exploration.label, seconds - near, first, base=base, **common,
				    worth=worth if any(scouted) else None,
				    worth_max=explore.worth_max(max(scouted, default=0), self.cores))]
		if near:
			runs.insert(0, explore.Run(exploration.directory, exploration.label, near, first, base=base + '-near',
						   **common, near=self._worth(exploration.scout)))
		return runs

	def _worth(self, label):
		"""Directory of what an exploration found worth it."""
		return f"{self.out}/worth-{label.replace(' ', '-')}"

	def explore(self):
		"""Generated programs on the controlled machine."""
		runs = [run for exploration in self.explorations for run in self._runs(exploration)]
		self.explore_rows = [run.row for run in runs]
		for run in runs:
			job.check()
			run.run(self.live)
			if run.row.failures:
				self.progress.line('\n' + run.text(self.told) + '\n')

	def fuzz(self):
		"""libFuzzer."""
		for row in self.fuzz_rows:
			job.check()
			corpus = f'{FUZZ}/corpus/{row.what}'
			logs = f'{self.out}/{row.engine}'
			for path in (corpus, logs, f'{FUZZ}/findings'):
				os.makedirs(path, exist_ok=True)
			session = libfuzzer.Session(
				f'{self.target.directory(row.engine)}/{row.what}', self.fuzz_seconds, self.cores,
				self.seed % 1000000 + 1, corpus, logs, f'{FUZZ}/findings', _Under(self), keep_going=True,
				label=f'{row.label} {row.what}')
			row.began()
			try:
				session.run()
				if not session.failures and not job.interrupted():
					corpora.minimise(session.binary, corpus, logs, self.progress)
			finally:
				row.runs, row.done, row.seconds = len(session.processes), session.executed(), session.took
			row.failures += [f"{failure.name}, {times(failure.count)}; {' '.join(failure.files[:2])}"
					 for failure in session.failures.values()]
			for why in session.reasons:
				row.incomplete(why)

	# --- all of it ------------------------------------------------------------------------

	def _phase(self, phase, rows):
		"""Runs a phase; what keeps it from its work is a reason, and the next one runs."""
		try:
			job.check()
			phase()
		except (Trouble, OSError) as trouble:
			for row in rows():
				if row.reasons == ['not run'] or not (row.failures or row.reasons or row.done):
					row.incomplete(str(trouble).split('\n', maxsplit=1)[0])
			self.progress.say(str(trouble))

	def run(self):
		"""
		Hunts. Return: the exit status. Raises: OSError if there can be no directory for the run.
		"""
		os.makedirs(FINDINGS, exist_ok=True)
		self.out, removed = files.run_directory(OUT)
		if removed:
			self.progress.say(f"removed the oldest runs of {OUT}: {', '.join(removed)}")
		self.progress.say(f'{self.verdict.parameters}, logs in {self.out}')
		self.began = time.monotonic()
		try:
			self._phase(self.stress, lambda: self.stress_rows)
			self._phase(self.explore, lambda: self.explore_rows)
			self._phase(self.fuzz, lambda: self.fuzz_rows)
		except job.Interrupted as signal:
			self.verdict.incomplete(f'interrupted by {signal}')
		job.end()
		return self.close()

	def close(self):
		"""The table and the verdict. Return: the exit status."""
		rows = self.rows()
		for row in rows:
			row.tell(self.verdict)
		hunted, naming = self._took()
		planned = len(rows)
		self.verdict.amount(f'{self.seconds} s, {planned} rows',
				    f'{hunted} s{naming}, {sum(1 for row in rows if not row.reasons)} rows')
		near = LEGEND_NEAR if any(row.what == explore.NEAR for row in rows) else ''
		tree = LEGEND_TREE if self.target.of else ''
		text = f'\n{table(rows)}\n{LEGEND}{near}{tree}\nlogs: {self.out}; findings: {FINDINGS}, {FUZZ}/findings\n'
		try:
			self.progress.line(text)
			files.write(f'{self.out}/verdict', text + self.verdict.text() + '\n')
		except OSError as error:
			self.verdict.incomplete(f'the table could not be written: {error}')
		return self.verdict.close()


class _Under:
	"""A Progress whose live line is hunt's."""

	def __init__(self, hunt):
		self.live = lambda text: hunt.live(' '.join(text.split()))
		self.line, self.say = hunt.progress.line, hunt.progress.say


def hunt(make_target, args):
	"""
	@make_target: function from a Progress to what is hunted

	Sets up, builds and hunts. Return: the exit status. Raises: Trouble if another hunt runs here,
	or the build fails; Interrupted, before the hunt begins.
	"""
	progress = Progress('hunt', every=10)
	lock = files.only_one('hunt')
	try:
		target = make_target(progress)
		target.build(progress)
		return Hunt(target, args.minutes, args.seed, args.threads, progress).run()
	finally:
		job.end()
		lock.release()


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	if args.tree is not None:
		return hunt(lambda progress: Tree(args.tree, progress, args.minutes * 60), args)
	return hunt(lambda progress: Core(args.minutes * 60), args)
