# SPDX-License-Identifier: GPL-2.0-only
"""
Which known flaw of a tree does a finding show? A check and a place do not tell: flaws share them,
and a new flaw may fail where a known one does. What decides is a fix: the program is replayed on
the tree with the fix of one flaw and nothing else. It fails: that flaw is not the cause. It passes:
that flaw is. It is stale with some fixes, since they changed what happens before, and passes with none: a
search near its schedule, on the tree and on the fixed one. If it finds the failure often without the fix and
never with it, that flaw is the cause, else this fix decides nothing. All searches together have a minute or two.

A finding of which no fix decides is new: a known flaw that is told once too often is better than a
new one that is not told. corpus/linux/known says which flaws to try first, and decides nothing.
"""
import json
import os
import re
import tempfile
import time

from lib import build, job
from lib.start import Trouble
from lib.trees import change, graph, take

KNOWN = f'{change.CORPUS}/known'
FLAWS = f'{change.CORPUS}/flaws'
SCHEDULES = 2000	# of a search near a program
OFTEN = 5		# failures in it that make "none" mean something
SECONDS = 30		# of such a search at most, and of a replay
BUDGET = 120		# seconds of all searches of a Known together


def table(path=KNOWN):
	"""
	How flaws show: {flaw: {(check, file)}}.

	Raises: Trouble with the line that is wrong.
	"""
	shows = {}
	with open(path, encoding='utf-8') as file:
		for number, line in enumerate(file, 1):
			words = line.split('#')[0].split()
			if not words:
				continue
			if len(words) != 3:
				raise Trouble(f'{path}:{number}: expected FLAW CHECK FILE')
			shows.setdefault(words[0], set()).add(tuple(words[1:]))
	return shows


def place(key):
	"""What a finding's key says without line numbers, which a fix moves."""
	return re.sub(r':\d+', '', key or '')


def order(key, shows, flaws):
	"""The flaws in the order in which they are tried: those that show like this first."""
	words = place(key).split()
	return sorted(flaws, key=lambda flaw: tuple(words[:2]) not in shows.get(flaw, ()))


def tell(report, key):
	"""What explore's JSON tells of a key: how many schedules fail with it, and how many do or pass."""
	alike = sum(finding['count'] for finding in report['findings'] if place(finding['key']) == place(key))
	others = sum(finding['count'] for finding in report['findings']) - alike
	return alike, report['done']['schedules'] - others


class Known:
	"""
	Names findings of one build of a tree.

	@name: of the tree in out/tree
	@directory: of the build, as out/tree/NAME/dev-8-slab
	@progress: Progress; trees with one fix are built when they are needed
	"""

	def __init__(self, name, directory, progress):
		self.name = name
		self.directory = directory
		self.word = os.path.basename(directory)
		self.progress = progress
		self.shows = table()
		self.built = {}			# flaw -> directory, or None: its fix matches nothing
		self.names = {}			# program -> name
		self.left = BUDGET		# seconds
		self.undecided = []		# programs for which there was no time

	def __call__(self, finding):
		"""
		The name of the flaw that a finding of explore's JSON shows, or None: it is new.

		Raises: Trouble, OSError, Interrupted.
		"""
		program = finding.get('file')
		if not program or graph.trees()[self.name]['fixes'] is not None:
			return None
		if program not in self.names:
			self.names[program] = self._name(program, finding.get('key'))
		return self.names[program]

	def _name(self, program, key):
		"""A replay takes a fraction of a second: all of them before the first search."""
		stale = []
		for flaw in order(key, self.shows, change.known(change.FIXES)):
			self._say(program, f'with the fix of {flaw}')
			directory = self.with_fix(flaw)
			word = self.replay(directory, program) if directory else 'fails'
			if word == 'passes':
				return flaw
			if word == 'differs':
				stale.append(flaw)
		return self._search(program, key, stale) if stale else None

	def _search(self, program, key, flaws):
		without = None
		for flaw in flaws:
			if self.left <= 0:
				self.undecided.append(program)
				self.progress.say(f'{program}: no time left to compare it with the known flaws: taken for new')
				return None
			self._say(program, f'searches near it, with the fix of {flaw} and without')
			began = time.monotonic()
			if without is None:
				without = self.near(self.directory, program, key)
			if without[0] >= OFTEN:
				count, schedules = self.near(self.built[flaw], program, key)
				# "never" means something if as many schedules would have failed often without it
				if not count and without[0] * schedules >= OFTEN * without[1]:
					return flaw
			self.left -= time.monotonic() - began
		return None

	def _say(self, program, what):
		self.progress.live(f'which known flaw is {os.path.basename(program)}? {what}')

	def with_fix(self, flaw):
		"""The directory of the build with the fix of one flaw only; None if that matches nothing."""
		if flaw not in self.built:
			self.built[flaw] = self._build(flaw)
		return self.built[flaw]

	def _build(self, flaw):
		manifest = graph.trees()[self.name]
		fix = change.known(change.FIXES)[flaw]
		wanted = take.Wanted(**{**manifest['wanted'], 'name': f'{self.name}-only-{flaw}'})
		wanted.patches = wanted.patches + [fix]
		try:
			taken, _, _ = take.take(wanted, self.progress)
		except Trouble as trouble:
			if 'matches nothing' in str(trouble):
				return None
			raise
		directory = f"{graph.DIRECTORY}/{taken['name']}/{self.word}"
		build.build([f'{directory}/replay'], self.progress, file=graph.TOP)
		return directory

	def said(self, directory, program):
		"""What replay says of a program."""
		with tempfile.TemporaryDirectory() as tmp:
			log = os.path.join(tmp, 'log')
			job.run([f'{directory}/replay', program], log=log, seconds=SECONDS)
			with open(log, encoding='utf-8', errors='replace') as file:
				return file.read()

	def replay(self, directory, program):
		"""How a program ends: "fails" as it expects, "passes", or "differs": stale, or another failure."""
		text = self.said(directory, program)
		if re.search(r'^ok +\S.* as expected', text, re.M):
			return 'fails'
		if re.search(r'^PASSES ', text, re.M):
			return 'passes'
		return 'differs'

	def near(self, directory, program, key):
		"""Schedules near that of a program. Return: as tell()."""
		build.build([f'{directory}/explore'], self.progress, file=graph.TOP)
		with tempfile.TemporaryDirectory() as tmp:
			said = os.path.join(tmp, 'json')
			job.run([f'{directory}/explore', '--near', '--keep-going', '--quiet', '--schedules',
				 str(SCHEDULES), '--seconds', str(SECONDS), '--out', os.path.join(tmp, 'findings'),
				 '--json', said, program], log=os.path.join(tmp, 'log'), seconds=2 * SECONDS)
			try:
				with open(said, encoding='utf-8') as file:
					report = json.load(file)
				return tell(report, key)
			except (OSError, ValueError, KeyError) as error:
				raise Trouble(f'{directory}/explore --near {program}: no verdict') from error

	def gone(self):
		"""
		The known flaws that this tree, which has no fixes, does not have any more: {flaw: why}.

		Raises: as __call__().
		"""
		found = {}
		for flaw, path in programs().items():
			if self.with_fix(flaw) is None:
				found[flaw] = 'its fix matches nothing'
			elif self.replay(self.directory, path) == 'passes':
				found[flaw] = 'its program passes'
		return found


def programs():
	"""The programs of the known flaws: {flaw: path}."""
	return {entry[:-len('.prog')]: f'{FLAWS}/{entry}' for entry in sorted(os.listdir(FLAWS))
		if entry.endswith('.prog')}


def title(flaw):
	"""What a known flaw is, in a line: the first of its program."""
	with open(programs()[flaw], encoding='utf-8') as file:
		return file.read().splitlines()[2].lstrip('# ').rstrip('.')
