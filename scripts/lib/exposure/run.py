# SPDX-License-Identifier: GPL-2.0-only
"""
Runs scripts/bench exposure, whose options are in the environment as scripts/lib/bench.sh has them.
What goes wrong is a line of $out/trouble, as of every bench.
"""
import csv
import os
import shutil
import sys
import time

from lib import bench, build, files, job
from lib.exposure import engines as known
from lib.exposure import survival, trials
from lib.progress import Progress
from lib.start import PASS, Trouble

SECONDS = 10		# of CPU, of a trial
TRIALS = 10
# A mutant is hard if explore finds it in fewer than 1 of HARD schedules, judged by RATE_TRIALS searches
HARD = 1000
RATE_TRIALS, RATE_SCHEDULES = 3, 3000
VARIANTS = ('dev', 'asan', 'tsan')
NOT_WRONG = 'seed-v1-slab'
REPORT = ['scripts/setup', 'report', 'statistics']


def hunted():
	"""The mutants that are wrong."""
	return [name for name in bench.mutants() if name != NOT_WRONG]


class Settings:
	"""The bench's options."""

	def __init__(self, env):
		self.seconds = float(env.get('seconds') or SECONDS)
		self.trials = int(env.get('runs') or TRIALS)
		self.schedules = int(env.get('schedules') or 0)
		self.jobs = int(env.get('jobs') or 1)
		self.mutants = env.get('mutants', '').split()
		self.engines = env.get('engines', '').split() or list(known.ALL)
		self.strategies = env.get('strategies', '').split()
		self.easy = env.get('easy') == '1'
		self.misses = int(env.get('misses') or 0)
		self.home = env.get('dir') or 'out/exposure'
		self.out = env['out']

	def budget(self):
		"""CPU seconds and schedules (0: any number) of a trial."""
		return self.seconds, self.schedules

	def words(self):
		"""The budget in words."""
		return f'{self.seconds:g} s of CPU' + (f' or {self.schedules} schedules' if self.schedules else '')


class Bench:
	"""
	@settings: Settings
	@progress: Progress
	"""

	def __init__(self, settings, progress):
		self.settings = settings
		self.progress = progress
		self.engines = known.make(settings.engines, settings.strategies)
		self.troubles = []
		self.control = trials.Control()
		os.makedirs(settings.home, exist_ok=True)
		self.table = trials.Table(f'{settings.home}/trials.csv')
		self.began = time.monotonic()

	def trouble(self, status, what):
		"""Notes what went wrong, for the verdict."""
		self.troubles.append(what)
		self.progress.say(what)
		with open(f'{self.settings.out}/trouble', 'a', encoding='utf-8') as file:
			file.write(f'{status} {what}\n')

	# --- which mutants --------------------------------------------------------------------

	def _rate(self, mutant, variant):
		"""Detections in a schedule of explore's defaults."""
		explore, found, schedules = known.Explore(variant), 0, 0
		for trial in range(RATE_TRIALS):
			directory = f'{self.settings.home}/rate'
			# seeds of their own: what is measured later must not be chosen by its own result
			argv, env = explore.start(mutant, 900 + trial, directory, RATE_SCHEDULES)
			os.makedirs(directory, exist_ok=True)
			ended = job.run(argv, env=env, log=f'{directory}/log')
			if ended.status not in (0, 1):
				raise Trouble(f'{mutant}, {explore.name}: {ended.words()}')
			result = explore.result(directory)
			found += result.detected
			schedules += result.schedules
		shutil.rmtree(directory, ignore_errors=True)
		return found / max(1, schedules)

	def rates(self):
		"""
		How easily explore finds each mutant, by the variant that finds it best. What is known of these
		builds is not measured again.

		Return: {mutant: detections in a schedule}.
		"""
		path = f'{self.settings.home}/rates.csv'
		builds = ' '.join(known.Explore(variant).build() for variant in VARIANTS)
		rates = {}
		if os.path.exists(path):
			with open(path, encoding='utf-8', newline='') as file:
				rates = {row['mutant']: float(row['rate']) for row in csv.DictReader(file) if row['build'] == builds}
		names = hunted()
		for number, name in enumerate(names):
			if name in rates:
				continue
			self.progress.live(f'which are hard: {number} of {len(names)}, {name}')
			rates[name] = 0
			for variant in VARIANTS:
				rates[name] = max(rates[name], self._rate(name, variant))
				if rates[name] * HARD >= 1:
					break
			files.write(path, 'mutant,rate,build\n' + ''.join(f'{key},{value:.3g},{builds}\n' for key, value in rates.items()))
		return rates

	def mutants(self):
		"""Those that are hunted."""
		if self.settings.mutants:
			return self.settings.mutants
		if self.settings.easy:
			return hunted()
		rates = self.rates()
		hard = [name for name, rate in rates.items() if rate * HARD < 1]
		self.progress.say(f'{len(hard)} of {len(rates)} mutants are hard: fewer than 1 in {HARD} schedules of explore '
				  f'(in {RATE_TRIALS} searches of {RATE_SCHEDULES})')
		return hard

	# --- trials ---------------------------------------------------------------------------

	def _plan(self, mutants):
		"""What is still to be run; all engines and mutants get their first trial before any gets its second."""
		budget = self.settings.budget()
		whole = [(engine, mutant, trial) for trial in range(self.settings.trials) for mutant in mutants for engine in self.engines]
		left = [one for one in whole if not self.table.find(trials.key_of(*one, budget))]
		return whole, left

	def _given_up(self, engine, mutant):
		"""Whether as many trials as --misses says were of no avail."""
		missed = self.table.missed(trials.key_of(engine, mutant, None, self.settings.budget()))
		return 0 < self.settings.misses <= missed

	def _next(self, left):
		"""Takes the next trial from @left, which is in reverse. Return: it, or None."""
		while left:
			engine, mutant, trial = left.pop()
			if not self._given_up(engine, mutant):
				return engine, mutant, trial
		return None

	def _shown(self, done, number, running):
		self.progress.live(f"{done} of {number} trials, {time.monotonic() - self.began:.0f} s; "
				   f"{'; '.join(trial.words() for trial in running[:2])}")

	def _step(self, running):
		"""Looks at the trials that run. Return: those that go on."""
		job.wait(0.2)
		used = job.cpu_of([trial.job.pid for trial in running])
		going = []
		for trial in running:
			try:
				if not trial.job.poll():
					trial.watch(used[trial.job.pid])
				elif job.interrupted():
					continue
				elif trial.ended():
					self.table.add(trial.row)
					continue
				going.append(trial)
			except Trouble as trouble:
				job.end([trial.job])
				self.trouble(1 if isinstance(trouble, trials.Alarm) else 2, str(trouble))
		return going

	def run(self, mutants):
		"""Runs what is left of the trials. Return: those planned, less those given up, and the rows."""
		whole, left = self._plan(mutants)
		if len(left) < len(whole):
			self.progress.say(f'goes on: {len(whole) - len(left)} of {len(whole)} trials are in {self.table.path}')
		running, free = [], list(range(self.settings.jobs))
		done = len(whole) - len(left)
		left.reverse()
		while (left or running) and not job.interrupted():
			while free and (following := self._next(left)):
				slot = free.pop()
				trial = trials.Trial(*following, self.settings.budget(), f'{self.settings.home}/trial-{slot}', self.control)
				trial.slot = slot
				running.append(trial)
			self._shown(done, len(whole), running)
			going = self._step(running)
			free += [trial.slot for trial in running if trial not in going]
			running = going
			done = len(whole) - len(left) - len(running)
		job.end()
		self.progress.settle()
		budget = self.settings.budget()
		rows = [(one, self.table.find(trials.key_of(*one, budget))) for one in whole]
		due = [one for one, row in rows if row or not self._given_up(*one[:2])]
		if len(due) < len(whole):
			self.progress.say(f'{len(whole) - len(due)} of {len(whole)} trials were given up, after {self.settings.misses} that detected nothing')
		return len(due), [row for _, row in rows if row]


def main(_argv):
	"""Return: the exit status. Raises: Trouble."""
	settings = Settings(os.environ)
	progress = Progress('exposure')
	if job.run(REPORT).status != 0:
		progress.say('goes on without what statistics and the page need')
	one = Bench(settings, progress)
	rated = ('dev',) if settings.mutants or settings.easy else VARIANTS
	targets = {engine.binary for engine in one.engines} | {f'out/{variant}/explore' for variant in rated}
	build.build(sorted(targets), progress)
	mutants = one.mutants()
	at_most = len(mutants) * len(one.engines) * settings.trials
	progress.say(f'{len(mutants)} mutants x {len(one.engines)} engines x {settings.trials} trials of at most {settings.words()}: '
		     f'{at_most * settings.seconds / 3600:.1f} hours of CPU at most, and controls in dev')
	planned, rows = one.run(mutants)
	if len(rows) < planned and not one.troubles:
		one.trouble(2, f'{len(rows)} of {planned} trials')
	if rows:
		survival.conclude(rows, [engine.name for engine in one.engines], settings, progress, one.trouble)
	return PASS


if __name__ == '__main__':
	sys.exit('scripts/bench exposure runs it')
