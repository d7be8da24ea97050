# SPDX-License-Identifier: GPL-2.0-only
"""
The corpus, which a night replays first, in every variant. It has a share of the night's time: in a short
night, or on a slow machine, what it does not come to is told, and taken first in the next night. So no
program waits longer than the nights that all of them take together.

On a kernel tree a program does what the tree's verdicts say: of the tree as it is, a known flaw may show
(corpus/linux/verdicts), of the tree with the fixes none may, and what this build is not made for is skipped.
"""
import glob
import os
import re
import time

from lib import evidence, files, job
from lib.night import arms
from lib.trees import corpus as verdicts
from lib.trees import known

SHARE = 0.25		# of a night's time
BATCH = 8		# programs of a run of replay
PATIENCE = 60		# seconds of one look at a program that fails
FAILED = 20		# programs of the corpus that are looked at, if so many fail
_SAID = re.compile(r'^(?:(ok|FAILS|PASSES|STALE|DIFFERS|MISSES|KILLED|skip) +(\S+?): |(\S+?\.prog):\d+:\d+: )')


def said(text):
	"""What replay said of each program that it came to: {path: text}."""
	found, path = {}, None
	for line in text.splitlines(keepends=True):
		match = _SAID.match(line)
		if match:
			path = re.sub(r':\d+$', '', match.group(2) or match.group(3))
		if path:
			found[path] = found.get(path, '') + line
	return found


class Replay(arms.Arm):
	"""
	The corpus in one variant.

	@programs: that have to do what they expect
	"""

	kind, unit = 'corpus', 'programs'

	def __init__(self, name, programs, **more):
		super().__init__(name, **more)
		self.programs = programs

	def options(self):
		"""Of replay: a program for one known bug says nothing with another one on."""
		mutants = [word for mutant in self.mutants.split('+') if mutant for word in ('--mutant', mutant)]
		return [*mutants, '--skip-mutants'] if mutants else []

	def judge(self, path, text):
		"""
		What a program did: "ok", "skip", "fails", "stale" (it does not come to what it is to show),
		"other" (it does not fail as it should), "flaw" (a known one), or "unknown".
		"""
		word = re.match(r'\w*', text).group(0)
		if word == 'DIFFERS' or word == 'PASSES':
			return 'other'
		if word in ('STALE', 'MISSES'):	# with known bugs on it is another way
			return 'skip' if self.mutants else 'stale'
		return {'ok': 'ok', 'skip': 'skip', 'FAILS': 'fails'}.get(word, 'unknown')

	def _all(self, directory):
		for path in sorted(glob.glob(f'{glob.escape(directory)}/*/')):
			yield from self._programs(path.rstrip('/'))
		for path, text in said(evidence.read(f'{directory}/log')).items():
			word = self.judge(path, text)
			if word == 'flaw' or word == 'other' and text.startswith('ok '):
				expect = re.search(r'^expect\s+(\S+)', evidence.read(path), re.M)
				yield arms.Raw(self, path, key=expect.group(1) if expect else '')
			elif word == 'other':
				yield arms.Raw(self, block=text.splitlines()[0], key=f'CORPUS  {path}',
					       command=f'{self.directory}/replay {path}')


class TreeReplay(Replay):
	"""
	@fixes: {known flaw: whether the tree was changed by its fix}; None: the tree is as it is
	@named: function from another finding to the known flaw that it shows, or None
	"""

	def __init__(self, name, fixes, named=None, **more):
		programs = sorted(glob.glob('corpus/litmus/*.prog')) + sorted(known.programs().values())
		super().__init__(name, programs, known=lambda finding: self._known(finding, named), **more)
		self.fixes = fixes or {}
		self.table = verdicts.table()
		self.flaws = {path: flaw for flaw, path in known.programs().items()}

	def _known(self, finding, named):
		"""A known flaw's own program shows it, if it is not fixed; of others, @named decides."""
		flaw = self.flaws.get(finding['file'])
		if flaw:
			return None if self.fixes.get(flaw) else flaw
		return named(finding) if named else None

	def judge(self, path, text):
		word = verdicts.word(text)
		if word.startswith('needs ') or word == 'stale' or text.startswith('MISSES'):
			return 'skip'
		flaw = self.flaws.get(path)
		if flaw and word in ('passes', 'same'):
			return 'ok' if word == 'passes' else 'other' if self.fixes.get(flaw) else 'flaw'
		flaw = verdicts.flaw(path, word, self.table)
		if flaw and not self.fixes.get(flaw):
			return 'ok'	# the flaw's own program tells it
		return super().judge(path, text)


class Corpus:
	"""
	The phase of a night.

	@night: Night
	@replays: its Replays
	@waiting: {name of a Replay: programs that the nights before did not come to}
	"""

	def __init__(self, night, replays, waiting):
		self.night = night
		self.replays = replays
		self.waiting = waiting if isinstance(waiting, dict) else {}
		self._taken = 0.0	# seconds that entries of the last variant took

	def run(self):
		"""Raises: as Night._take()."""
		night = self.night
		done = {line['arm'] for line in night.journal.all('corpus')}
		todo = [arm for arm in self.replays if arm.name not in done]
		spent = sum(line['seconds'] for line in night.journal.all('corpus'))
		until = time.monotonic() + max(0.0, night.seconds * SHARE - spent)
		for number, arm in enumerate(todo):
			job.check()
			directory = f"{night.run_directory}/corpus-{arm.name.replace(' ', '-')}"
			os.makedirs(directory, exist_ok=True)
			night.journal.add('slice', arm=arm.name, directory=os.path.basename(directory))
			began = time.monotonic()
			self._replay(arm, directory, began, began + (until - began) / (len(todo) - number))
			until += self._taken	# what an entry takes is not the corpus's

	def _replay(self, arm, directory, began, until):
		"""One variant, until its time is over."""
		first = [path for path in self.waiting.get(arm.name, []) if path in arm.programs]
		todo = first + [path for path in arm.programs if path not in first]
		log = f'{directory}/log'
		files.write(log, '')
		words, reasons = {}, []
		while todo and (not words or time.monotonic() < until):
			todo = self._batch(arm, log, todo, until, words, reasons)
		failed = [path for path, (word, _) in words.items() if word == 'fails']
		todo += self._look(arm, directory, failed, words, until, reasons)
		stale = [path for path, (word, _) in words.items() if word == 'stale']
		if stale:
			reasons.append(f"{len(stale)} stale programs: {' '.join(stale[:3])}")
		seconds = time.monotonic() - began
		self.night.take(arm.harvest(directory))
		self._taken = time.monotonic() - began - seconds
		self.waiting[arm.name] = todo
		self.night.keep()
		self.night.journal.add('corpus', arm=arm.name, programs=len(arm.programs), left=len(todo), failed=len(failed),
				       seconds=round(seconds, 2), reasons=reasons)

	def _batch(self, arm, log, todo, until, words, reasons):
		"""Replays some programs. Return: those that are left."""
		job.check()
		batch, begin = todo[:BATCH], os.path.getsize(log)
		seconds = max(2.0, until - time.monotonic())
		ended = job.run([f'{arm.directory}/replay', *arm.options(), *batch], log=log, seconds=seconds,
				tick=lambda: self.night.live(f'{arm.name}: {len(words)} of {len(arm.programs)}'))
		found = {path: (arm.judge(path, text), text) for path, text in said(evidence.read(log, begin)).items()
			 if path in batch}
		words.update(found)
		left = sorted(path for path in batch if path not in found)
		if ended.timed_out:	# the one that was cut off does not stand in the way of all others
			return left[1:] + todo[BATCH:] + left[:1]
		odd = [path for path, (word, _) in found.items() if word == 'unknown'] + left
		if odd or ended.status not in (0, 1, 2, 3):
			reasons.append(f"{ended.words()}: {' '.join(odd[:3])} ({evidence.tail(evidence.read(log, begin), 2)})")
		return todo[BATCH:]

	def _look(self, arm, directory, failed, words, until, reasons):
		"""Makes programs that fail findings with a schedule. Return: those for which there was no time."""
		mutants = ['--mutant', arm.mutants] if arm.mutants else []
		looked = self._different(failed, words)[:FAILED]
		for number, path in enumerate(looked):
			if time.monotonic() >= until + PATIENCE:
				reasons.append(f"{len(looked) - number} programs fail, and there was no time to look at them: "
					       f"{' '.join(looked[number:][:3])}")
				return looked[number:]
			job.run([f'{arm.directory}/explore', '--near', '--schedules', '1', '--quiet', *mutants, '--out',
				 f"{directory}/{os.path.basename(path)[:-len('.prog')]}", path], log=f'{directory}/explore.log',
				seconds=PATIENCE, tick=lambda: self.night.live(f'{arm.name}: {len(failed)} failures'))
		return []

	@staticmethod
	def _different(failed, words):
		"""Of programs that fail: as many at each check and place as harvest() looks at."""
		count, found = {}, []
		for path in failed:
			key = re.search(rf'^FAILS  {re.escape(path)}: ([^;\n]*)', words[path][1], re.M)
			key = key.group(1) if key else path
			count[key] = count.get(key, 0) + 1
			if count[key] <= arms.SAME:
				found.append(path)
		return found
