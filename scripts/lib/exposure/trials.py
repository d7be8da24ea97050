# SPDX-License-Identifier: GPL-2.0-only
"""
Trials: a CSV with a row for each that has ended, so that a bench that was killed goes on, and a trial
under way.
"""
import csv
import os
import shutil
import signal
import time

from lib import evidence, files, job
from lib.exposure import engines
from lib.start import Trouble

FIELDS = ('mutant', 'engine', 'trial', 'seed', 'reached', 'triggered', 'detected', 'check', 'cpu_seconds', 'schedules',
	  'seconds', 'cpu_budget', 'schedule_budget', 'build')
KEY = ('mutant', 'engine', 'trial', 'cpu_budget', 'schedule_budget', 'build')
PATIENCE = 30		# budgets of wall clock, for a trial that does not come to the end of one of CPU time


class Alarm(Trouble):
	"""A check fires where no known bug is."""


class Table:
	"""The CSV at @path."""

	def __init__(self, path):
		self.path = path
		self.rows = []
		self._read()

	def _read(self):
		"""What an earlier bench has left; a row that it did not finish is dropped, and hunted again."""
		try:
			with open(self.path, encoding='utf-8', newline='') as file:
				text = file.read()
		except FileNotFoundError:
			text = ''
		rows = csv.DictReader(text[:text.rfind('\n') + 1].splitlines())
		if rows.fieldnames is not None and tuple(rows.fieldnames) != FIELDS:
			raise Trouble(f'{self.path} has other columns than this bench writes; move it away')
		self.rows = [row for row in rows if None not in row and None not in row.values()]
		whole = ','.join(FIELDS) + '\n' + ''.join(self._line(row) for row in self.rows)
		if whole != text:
			files.write(self.path, whole)

	@staticmethod
	def _line(row):
		return ','.join(str(row[name]) for name in FIELDS) + '\n'

	def add(self, row):
		"""Writes a row to the disk."""
		row = {name: '' if row[name] is None else str(row[name]) for name in FIELDS}
		with open(self.path, 'a', encoding='utf-8') as file:
			file.write(self._line(row))
			file.flush()
			os.fsync(file.fileno())
		self.rows.append(row)

	def find(self, key):
		"""The row of a trial, or None."""
		wanted = tuple(str(value) for value in key)
		for row in self.rows:
			if tuple(row[name] for name in KEY) == wanted:
				return row
		return None

	def missed(self, key):
		"""How many trials detected nothing that are as @key but for its trial."""
		wanted = {name: str(value) for name, value in zip(KEY, key) if name != 'trial'}
		return sum(row['detected'] == '0' and all(row[name] == value for name, value in wanted.items()) for row in self.rows)


class Control:
	"""What schedules do without a mutant: their hashes, by engine, trial and number, for all mutants."""

	def __init__(self):
		self.hashes = {}


class Trial:
	"""
	One trial: the hunt, and, if a mutant's place was reached and no check has fired, the same schedules
	without the mutant.

	@budget: CPU seconds, schedules (0: any number)
	"""

	def __init__(self, engine, mutant, trial, budget, directory, control):
		self.engine = engine
		self.mutant = mutant
		self.trial = trial
		self.seconds, self.schedules = budget
		self.directory = directory
		self.control = control
		self.row = None
		self.over = False	# its budget is
		self.result = None
		self.cpu = 0.0
		self._started = time.monotonic()
		self.job = self._launch(*engine.start(mutant, trial, self._fresh(), self.schedules))

	def key(self):
		"""What makes a row the one of this trial."""
		return key_of(self.engine, self.mutant, self.trial, (self.seconds, self.schedules))

	def _fresh(self):
		shutil.rmtree(self.directory, ignore_errors=True)
		os.makedirs(self.directory)
		return self.directory

	def _launch(self, argv, env):
		return job.Job(argv, log=f'{self.directory}/log', env=env)

	def watch(self, used):
		"""@used: CPU seconds so far. Asks it to end when its budget is over; the control has as long again."""
		if used >= self.seconds and not self.over and not self.result:
			self.over = True
			self.job.signal(signal.SIGTERM)
		elif time.monotonic() - self._started > (2 if self.result else 1) * (PATIENCE * self.seconds + 60):
			raise Trouble(f'{self.words()} has used {used:.1f} s of CPU after {time.monotonic() - self._started:.0f} s, '
				      'and does not end')

	def words(self):
		"""Which trial it is."""
		return f'{self.mutant}, {self.engine.name}, trial {self.trial}'

	def ended(self):
		"""
		Its job has ended: reads what came of it, and starts the control if one is needed.

		Return: is the trial over? Then `row` has it. Raises: Trouble.
		"""
		try:
			return self._after_control() if self.result else self._after_hunt()
		except Alarm:
			raise
		except Trouble as trouble:
			log = evidence.tail(evidence.read(f'{self.directory}/log'), 3)
			raise Trouble(f'{self.words()}: {self.job.words()}, {trouble} ({log})') from trouble

	def _after_hunt(self):
		self.cpu = self.job.cpu
		self.result = self.engine.result(self.directory)
		if not self.result.detected and not self.over and not (self.schedules and self.result.schedules):
			raise Trouble('it ended before its budget')
		triggered = None
		if self.result.detected and not self.result.reached:
			raise Alarm(f'{self.words()}: {self.result.check} fires and no place of the mutant was reached')
		if self.result.detected:
			triggered = True
		elif not self.result.reached:
			triggered = False
		elif self.result.hash and self.result.schedules:
			known = self._key_of_control()
			if known not in self.control.hashes:
				self.job = self._launch(*self.engine.control(self.mutant, self.trial, self._fresh(), self.result.schedules))
				return False
			triggered = self.control.hashes[known] != self.result.hash
		self._conclude(triggered)
		return True

	def _key_of_control(self):
		return self.engine.name, bool(engines.weak(self.mutant)), self.trial, self.result.schedules

	def _after_control(self):
		control = self.engine.result(self.directory)
		if control.detected:
			raise Alarm(f'{control.check} fires without the mutant, seed {self.engine.seed(self.trial)}')
		self.control.hashes[self._key_of_control()] = control.hash
		self._conclude(control.hash != self.result.hash)
		return True

	def _conclude(self, triggered):
		result = self.result
		self.row = {**dict(zip(KEY, self.key())), 'seed': self.engine.seed(self.trial),
			    'reached': int(result.reached), 'triggered': None if triggered is None else int(triggered),
			    'detected': int(result.detected), 'check': result.check, 'cpu_seconds': f'{self.cpu:.2f}',
			    'schedules': result.schedules, 'seconds': f'{time.monotonic() - self._started:.2f}'}
		shutil.rmtree(self.directory, ignore_errors=True)


def key_of(engine, mutant, trial, budget):
	"""What makes a row that of this trial: KEY's values."""
	return mutant, engine.name, trial, f'{budget[0]:g}', budget[1], engine.build()
