# SPDX-License-Identifier: GPL-2.0-only
"""
One night: the corpus, what was found before, then slices of the arms until the time is over. What is
done is in the journal before anything else begins, so a night that was killed is gone on with.
"""
import glob
import os
import time

from lib import evidence, files, job
from lib.night import arms, coverage, disk, record
from lib.night.bandit import Bandit
from lib.night.corpus import Corpus
from lib.night.journal import Journal
from lib.night.ledger import Ledger
from lib.night.tools import Tools
from lib.night.triage import Triage
from lib.start import Trouble
from lib.verdict import Verdict

SHORTEST, LONGEST = 3, 600	# seconds of a slice
APART = 10 ** 8		# seeds between two of them: more than the parts of one use
ROUNDS = 3			# slices that an arm would get if all were worth the same


def seed_of(seed, number, shard=(1, 1)):
	"""
	The seed of a night's slice, from which it takes what follows: no two slices of all shards meet.

	@seed: the night's
	@number: of the slice, from 1
	@shard: this one, of how many
	"""
	return seed % 10 ** 6 * 10 ** 13 + ((number - 1) * shard[1] + shard[0]) * APART + 1


class Night:
	"""
	@options: arguments of scripts/nightly
	@plans: what is hunted (lib.night.plan)
	@run: path of the night's directory, with its journal
	@progress: Progress
	@revision: function from code to the revision of its source
	"""

	def __init__(self, options, plans, run, progress, revision):
		self.options = options
		self.plans = plans
		self.run_directory = run
		self.number = int(os.path.basename(run).split('-')[0])
		self.progress = progress
		self.revision = revision
		self.home = options.dir
		self.seconds = options.hours * 3600
		self.cores = options.jobs
		self.journal = Journal(f'{run}/journal')
		self.ledger = Ledger(f'{self.home}/findings')
		self.arms = [arm for plan in plans for arm in plan.arms()]
		kept = {} if options.once else files.read_json(f'{self.home}/state.json') or {}
		self.bandit = Bandit([arm.name for arm in self.arms], kept.get('bandit'))
		self.corpus = Corpus(self, [arm for plan in plans for arm in plan.replays()], kept.get('corpus'))
		self.grounds = kept.get('ground') if isinstance(kept.get('ground'), dict) else {}
		self.ground = {}
		self.triage = Triage(Tools(self.home, self.cores, self.live, self.left), self.ledger, self.number, revision)
		self.verdict = Verdict('nightly', options.words)
		self.spent = self._spent_before()
		self.began = time.monotonic()
		self._beat = 0.0

	# --- time -----------------------------------------------------------------------------

	def _spent_before(self):
		"""Seconds that were spent on this night before it was killed."""
		try:
			return max(0.0, float(evidence.read(f'{self.run_directory}/spent') or 0))
		except ValueError:
			return 0.0

	def elapsed(self):
		"""Seconds of this night so far, those before a kill included; no clock's jump changes it."""
		return self.spent + time.monotonic() - self.began

	def left(self):
		"""Seconds that are left of it."""
		return self.seconds - self.elapsed()

	def live(self, text):
		"""How far it is; notes it every few seconds for a restart."""
		now = time.monotonic()
		if now - self._beat >= 3:
			self._beat = now
			files.write(f'{self.run_directory}/spent', f'{self.elapsed():.1f}\n')
		self.progress.live(f'{self.elapsed():.0f}/{self.seconds:.0f} s  {text}')

	def quiet(self, name):
		"""A Progress for what an arm runs."""
		night = self

		class Under:	# pylint: disable=too-few-public-methods
			"""Its live line is the night's, its lines are in its log."""
			live = staticmethod(lambda text: night.live(f"{name} {' '.join(text.split())}"))
			line = say = staticmethod(lambda text: None)
		return Under()

	# --- findings -------------------------------------------------------------------------

	def take(self, raws):
		"""Makes raw findings entries. Return: is there a new cause?"""
		triaged = {line['raw'] for line in self.journal.all('triaged')}
		new = False
		for raw in raws:
			if raw.name in triaged:
				continue
			job.check()
			entry, tell = self.triage.take(raw)
			new |= self._tell(entry, tell, raw.name, raw.arm)
		return new

	def _tell(self, entry, tell, raw, arm):
		"""Notes what became of a raw finding, and tells an entry that is new, once. Return: whether it is."""
		first = tell and not any(line['entry'] == entry.name for line in self.journal.all('triaged'))
		self.journal.add('triaged', raw=raw, arm=arm.name, entry=entry.name, at=round(self.elapsed()))
		if first:
			todo = ', not shrunk yet' if entry.todo else ''
			self.progress.say(f'NEW  {entry.name}  {entry.where.split(";")[0]}{todo}  ({arm.name})  again: {entry.repro}')
		self._tell_further(entry)
		return first

	def _tell_further(self, entry):
		"""Tells checks that are seen now of a cause that is told already, each once; they make no night red."""
		for other in self.ledger.further(entry):
			if other.born == self.number and not any(line['entry'] == other.name for line in self.journal.all('further')):
				self.journal.add('further', entry=other.name)
				self.progress.say(f'{entry.name}, {entry.state}, is now also seen as {other.name}  '
						  f'{other.where.split(";")[0]}  again: {other.repro}')

	def _leftovers(self):
		"""What slices left that nobody looked at: the night was killed."""
		named = {arm.name: arm for arm in [*self.arms, *self.corpus.replays]}
		for line in self.journal.all('slice'):
			arm = named.get(line['arm'])
			if arm:
				self.take(arm.harvest(f"{self.run_directory}/{line['directory']}"))

	# --- phases ---------------------------------------------------------------------------

	def _again(self):
		"""What was found before: is it still there?"""
		done = {line['entry'] for line in self.journal.all('again')}
		for entry in sorted(self.ledger.entries.values(), key=lambda entry: bool(entry.of)):
			arm = self._arm_of(entry)
			if entry.name in done or arm is None or entry.born == self.number:
				continue
			job.check()
			before = entry.state
			if self.triage.look_again(entry, arm):
				self.progress.say(f'NEW  {entry.name}  {entry.note}  again: {entry.repro}')
			elif entry.state != before:
				self.progress.say(f'{entry.name} is {entry.state}: its program passes')
			self.journal.add('again', entry=entry.name, state=entry.state, met=entry.night == self.number)

	def _arm_of(self, entry):
		return next((arm for arm in self.arms if (arm.code, arm.variant) == (entry.code, entry.variant)), None)

	def _unshrunk(self):
		"""What earlier nights had no time to shrink; half of this one is for other things."""
		for entry in list(self.ledger.entries.values()):
			arm = self._arm_of(entry)
			if arm and self.elapsed() < self.seconds / 2 and self.triage.waiting(entry):
				job.check()
				for told, tell in self.triage.resume(entry, arm):
					self._tell(told, tell, f'{entry.name} waited', arm)

	def _slice(self, arm, seconds):
		"""A slice of an arm, and what it found."""
		number = len(self.journal.all('slice')) + 1
		directory = f"{number:04d}-{arm.name.replace(' ', '-')}"
		path = f'{self.run_directory}/{directory}'
		os.makedirs(path, exist_ok=True)
		seed = seed_of(self.options.seed, number, self.options.shard)
		self.journal.add('slice', arm=arm.name, directory=directory, seed=seed, planned=round(seconds, 1))
		self.ground = self.grounds.setdefault(arm.name, {})
		try:
			did = arm.run(seconds, seed, path, self)
		except Trouble as trouble:
			did = arms.Slice(path)
			did.reasons.append(str(trouble).split('\n', maxsplit=1)[0])
		job.check()
		raws = arm.harvest(path)
		new = self.take(raws)
		self.bandit.reward(arm.name, 1 if new else 0.3 * did.fresh)
		self.journal.add('done', arm=arm.name, directory=directory, found=len(raws), **did.facts())
		self.keep()

	def keep(self):
		"""Writes what later nights go on from."""
		if not self.options.once:
			files.write(f'{self.home}/state.json',
				    record.dumps({'bandit': self.bandit.state(), 'ground': self.grounds,
						  'corpus': self.corpus.waiting}))

	def _once(self):
		"""Each engine once, for an equal share of the time."""
		done = {line['arm'] for line in self.journal.all('done')}
		todo = [arm for arm in self.arms if arm.name not in done]
		for number, arm in enumerate(todo):
			job.check()
			self._room()
			self._slice(arm, max(arm.shortest, self.left() / (len(todo) - number + 1)))

	def _hunt(self):
		"""Slices, until the time is over: none takes more than half of what is left."""
		named = {arm.name: arm for arm in self.arms}
		for line in self.journal.all('done'):
			self.bandit.tried.add(line['arm'])
		length = min(LONGEST, max(SHORTEST, self.seconds / ROUNDS / max(1, len(self.arms))))
		broken = {}
		while (left := self.left() / 2) >= SHORTEST / 2:	# the other half: to shrink what it finds
			job.check()
			self._room()
			able = [name for name, arm in named.items() if broken.get(name, 0) < 2 and left >= arm.shortest]
			name = self.bandit.choose(able) if able else None
			if name is None:
				break
			self._slice(named[name], min(max(length, named[name].shortest), left))
			last = self.journal.last('done')
			broken[name] = broken.get(name, 0) + 1 if last['reasons'] else 0

	def _coverage(self):
		"""What the corpus reaches, for the page; not part of the night's time."""
		if self.options.coverage and not os.path.exists(f'{self.run_directory}/coverage.json'):
			coverage.measure(self.run_directory, self.progress, self.live)

	def _room(self):
		"""Removes old nights if the directory has grown too large. Raises: Trouble: there is no room."""
		limit = self.options.disk << 20
		if len(self.journal.all('slice')) % 8 == 0 and disk.used(self.home) > limit:
			disk.prune(f'{self.home}/run', self.options.keep, limit, self.home, os.path.basename(self.run_directory))
			if disk.used(self.home) > limit:
				raise Trouble(f'{self.home} takes {disk.megabytes(disk.used(self.home))}, --disk allows '
					      f'{self.options.disk} MB, and there is no older night to remove')
		if disk.free(self.home) < disk.FLOOR:
			raise Trouble(f'only {disk.megabytes(disk.free(self.home))} are left on the disk of {self.home}')

	# --- all of it ------------------------------------------------------------------------

	def run(self):
		"""Runs what is left of the night. Return: its record, for the report."""
		self.ledger.begin(self.number)
		self.ledger.write()
		try:
			for phase in (self._leftovers, self.corpus.run, self._again, self._unshrunk, self._once if self.options.once else self._hunt,
				      self._coverage):
				phase()
		except job.Interrupted as signal:
			self.verdict.incomplete(f'interrupted by {signal}' + ('' if self.options.once else '; start it again, and it goes on'))
		except Trouble as trouble:
			self.verdict.incomplete(str(trouble).split('\n', maxsplit=1)[0])
		except OSError as error:
			self.verdict.incomplete(f'{error}')
		job.end()
		return self._close()

	def _conclude(self):
		"""What the verdict is made of."""
		for line in [*self.journal.all('done'), *self.journal.all('corpus')]:
			for why in line['reasons']:
				self.verdict.incomplete(f"{line['arm']}: {why}")
		done = self.journal.all('done')
		if not done:
			self.verdict.incomplete('no slice of any engine was run')
		for entry in self.ledger.mains():
			if entry.state == 'new' and entry.born == self.number:
				self.verdict.fail(f'new: {entry.name}  {entry.where.split(";")[0]}; again: {entry.repro}')
		met = [entry for entry in self.ledger.mains() if entry.night == self.number]
		new = sum(entry.born == self.number and entry.state == 'new' for entry in met)
		self.verdict.amount(f'{self.seconds:.0f} s of {len(self.arms)} engines', f'{self.elapsed():.0f} s, {len(done)} slices of '
				    f"{len({line['arm'] for line in done})} engines; {new} new findings, {len(met) - new} known" +
				    self._open_ends())

	def _open_ends(self):
		"""What the next night goes on with, for the last line."""
		waiting = sum(len(self.triage.waiting(entry)) for entry in self.ledger.entries.values())
		dropped = sum(entry.dropped for entry in self.ledger.entries.values())
		text = (f', {waiting} not shrunk yet' if waiting else '') + (f' ({dropped} more not kept)' if dropped else '')
		lines = self.journal.all('corpus')
		left, total = (sum(line[key] for line in lines) for key in ('left', 'programs'))
		if left and self.options.once:	# there is no next one
			self.verdict.incomplete(f'the corpus: {left} of {total} replays did not fit into a quarter of the time')
		elif left:
			text += f', {total - left} of {total} replays of the corpus (the rest comes first in the next night)'
		return text

	def _close(self):
		self._conclude()
		interrupted = bool(job.interrupted())
		facts = record.make(self)
		try:
			files.write(f'{self.run_directory}/spent', f'{self.elapsed():.1f}\n')
			files.write(f'{self.run_directory}/run.json', record.dumps(facts))
			if not interrupted:
				self.journal.add('end', verdict=self.verdict.word)
				record.remember(self.home, facts)
				for path in glob.glob(f'{glob.escape(self.triage.directory)}/.[a-z]*'):
					if os.path.isfile(path):
						os.unlink(path)
		except OSError as error:
			self.verdict.incomplete(f'the record of the night could not be written: {error}')
		return facts
