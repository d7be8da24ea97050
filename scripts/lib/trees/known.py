# SPDX-License-Identifier: GPL-2.0-only
"""
Which known flaw of a tree does a finding show? A check and a place do not tell: flaws share them,
and a new flaw may fail where a known one does. What decides is a fix: the program is replayed on
the tree with the fix of one flaw and nothing else. It fails: that flaw is not the cause. It passes:
that flaw is. It is stale with some fixes, since they changed what happens before, and passes with none: a
search near its schedule, on the tree and on the fixed one. If it finds the failure often without the fix and
never with it, that flaw is the cause, else this fix decides nothing.

No fix alone decides where another flaw fails in the same way once the first is mended. Then all fixes are
there but one, of a flaw that is known to show like this. The program fails as recorded; and with all fixes it
passes, or it is stale and a search decides as above: that flaw is the cause. What fails with all fixes is new.
All searches of a hunt or a night have two minutes.

This is asked first: what fails with all fixes needs no tree of one fix, which takes seconds to build.

A finding of which nothing decides is new: a known flaw that is told once too often is better than a
new one that is not told. corpus/linux/known says which flaws to try first, and which to look for behind others.
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


def shown(key):
	"""Check and file of a finding's key, as table() has them."""
	return tuple(place(key).split()[:2])


def order(key, shows, flaws):
	"""The flaws in the order in which they are tried: those that show like this first."""
	return sorted(flaws, key=lambda flaw: shown(key) not in shows.get(flaw, ()))


def tell(report, key):
	"""What explore's JSON tells of a key: how many schedules fail with it, and how many do or pass."""
	alike = sum(finding['count'] for finding in report['findings'] if place(finding['key']) == place(key))
	others = sum(finding['count'] for finding in report['findings']) - alike
	return alike, report['done']['schedules'] - others


class _Naming:
	"""A Progress whose live line says how long naming has taken so far."""

	def __init__(self, known, progress):
		self.live = lambda text, now=False: progress.live(known.so_far() + text, now)
		self.line, self.say, self.settle = progress.line, progress.say, progress.settle


class Known:
	"""
	Names findings of one build of a tree; `took` is how many seconds that has taken.

	@name: of the tree in out/tree
	@directory: of the build, as out/tree/NAME/dev-8-slab
	@progress: Progress; trees with one fix, with all, or with all but one are built when they are needed, and stay
	"""

	took, asked = 0.0, None

	def __init__(self, name, directory, progress):
		self.name = name
		self.directory = directory
		self.word = os.path.basename(directory)
		self.progress = _Naming(self, progress)
		self.shows = table()
		self.built = {}			# flaw -> directory, or None: its fix matches nothing
		self.others = {}		# flaw -> directory with the fixes of all others; None -> of all
		self.names = {}			# program -> name
		self.left = BUDGET		# seconds
		self.undecided = []		# programs for which there was no time

	def __call__(self, finding):
		"""
		The name of the flaw that a finding of explore's JSON shows, or None: it is new. A tree that cannot be
		built decides nothing.

		Raises: OSError, Interrupted.
		"""
		program = finding.get('file')
		if not program or graph.trees()[self.name]['fixes'] is not None:
			return None
		if program not in self.names:
			self.asked = time.monotonic()
			try:
				self.names[program] = self._name(program, finding.get('key'))
			except Trouble as trouble:
				self._give_up(program, str(trouble))
				self.names[program] = None
			finally:
				self.took += time.monotonic() - self.asked
				self.asked = None
		return self.names[program]

	def so_far(self):
		"""What is done, and how long it has taken, while a finding is being named; else nothing."""
		return '' if self.asked is None else f'naming flaws, +{self.took + time.monotonic() - self.asked:.0f} s: '

	def _name(self, program, key):
		"""A replay takes a fraction of a second, and each tree is built once: all of them before the first search."""
		stale = []
		self._say(program, 'with all fixes')
		if self.replay(self.with_others(None), program) == 'fails':
			return None
		for flaw in order(key, self.shows, change.known(change.FIXES)):
			self._say(program, f'with the fix of {flaw}')
			directory = self.with_fix(flaw)
			word = self.replay(directory, program) if directory else 'fails'
			if word == 'passes':
				return flaw
			if word == 'differs':
				stale.append(flaw)
		word, found = self._replay_others(program, key)
		if word == 'fails':
			return None
		if word == 'passes' and found:
			return found[0]
		began = time.monotonic()
		try:
			return self._search(program, key, stale, found, began)
		finally:
			self.left -= time.monotonic() - began

	def _replay_others(self, program, key):
		"""How the program ends with all fixes, and the flaws with all fixes but whose it fails as recorded."""
		flaws = [flaw for flaw in change.known(change.FIXES) if shown(key) in self.shows.get(flaw, ())]
		if not flaws:
			return 'differs', []
		self._say(program, 'with all fixes, and with all but one')
		word, found = self.replay(self.with_others(None), program), []
		for flaw in flaws if word != 'fails' else []:
			directory = self.with_others(flaw)
			if directory and self.replay(directory, program) == 'fails':
				found.append(flaw)
		return word, found

	def _give_up(self, program, why):
		if program not in self.undecided:
			self.undecided.append(program)
			self.progress.say(f'{program}: {why}: taken for new')

	def _search(self, program, key, stale, found, began):
		"""@stale: flaws with whose fix it is; @found: as _replay_others(), if with all fixes it is stale, too."""
		without = None
		for flaw in dict.fromkeys(stale + found):
			if self.left <= time.monotonic() - began:
				self._give_up(program, 'no time left to compare it with the known flaws')
				return None
			self._say(program, f'searches near it, with the fix of {flaw} and without')
			if flaw in stale:
				without = without or self.near(self.directory, program, key)
				if self._differ(without, self.built[flaw], program, key):
					return flaw
			if flaw in found and self._differ(self.near(self.others[flaw], program, key), self.others[None], program, key):
				return flaw
		return None

	def _differ(self, without, fixed, program, key):
		"""Does a search of the fixed tree find none, though it would without the fix? @without: as near() says."""
		if without[0] < OFTEN:
			return False
		count, schedules = self.near(fixed, program, key)
		# "none" means something if as many schedules would have failed often without it
		return not count and without[0] * schedules >= OFTEN * without[1]

	def _say(self, program, what):
		self.progress.live(f'which known flaw is {os.path.basename(program)}? {what}')

	def with_fix(self, flaw):
		"""The directory of the build with the fix of one flaw only; None if that matches nothing."""
		if flaw not in self.built:
			self.built[flaw] = self._build(flaw)
		return self.built[flaw]

	def with_others(self, flaw):
		"""
		The directory of the build with the fixes of all flaws but this one, or of all; None if there is
		no such tree: its fix matches nothing, or another one matches nothing without it.
		"""
		if flaw not in self.others:
			name = f'{self.name}-but-{flaw}' if flaw else f'{self.name}-fixes'
			self.others[flaw] = self._take(name, fixes=True, but=flaw)
			all_fixes = _matching(f'{self.name}-fixes')
			if flaw and (flaw not in all_fixes or _matching(name) != all_fixes - {flaw}):
				self.others[flaw] = None
		return self.others[flaw]

	def _build(self, flaw):
		patches = graph.trees()[self.name]['wanted']['patches'] + [change.known(change.FIXES)[flaw]]
		try:
			return self._take(f'{self.name}-only-{flaw}', patches=patches)
		except Trouble as trouble:
			if 'matches nothing' in str(trouble):
				return None
			raise

	def _take(self, name, **more):
		wanted = take.Wanted(**{**graph.trees()[self.name]['wanted'], 'name': name, **more})
		taken, _, _ = take.take(wanted, self.progress)
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


def _matching(name):
	"""The flaws whose fixes changed something in a tree with fixes."""
	return {flaw for flaw, changed in graph.trees()[name]['fixes'].items() if changed}


def programs():
	"""The programs of the known flaws: {flaw: path}."""
	return {entry[:-len('.prog')]: f'{FLAWS}/{entry}' for entry in sorted(os.listdir(FLAWS))
		if entry.endswith('.prog')}


def title(flaw):
	"""What a known flaw is, in a line: the first of its program."""
	with open(programs()[flaw], encoding='utf-8') as file:
		return file.read().splitlines()[2].lstrip('# ').rstrip('.')
