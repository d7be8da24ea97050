# SPDX-License-Identifier: GPL-2.0-only
"""
From what an engine left to an entry of the ledger: shrunk, replayed, its report and its pictures
written, and only then told. Killed anywhere, it is done again from the start, and comes to the same
entry: nothing is lost, nothing is there twice.

A night that is over does not shrink any more: what it found is an entry as it is, with "todo: shrink",
and the next night goes on with it. What fails where there is an entry already waits in finding/NAME.more:
it is either that entry or a second cause, and only the shrunk program tells.
"""
import glob
import hashlib
import os
import re
import shlex
import shutil

from lib import evidence, files
from lib.night import cause
from lib.night.arms import SAME, Raw
from lib.night.ledger import stamp
from lib.night.origin import Origin, relate
from lib.night.tools import Tools

REPLAYS = 100
KEPT = 2 * SAME		# programs that wait at one entry


class Triage:
	"""
	@tools: Tools
	@ledger: Ledger
	@night: its number
	@revision: function from the code of an arm to the revision of its source
	@replays: how often each finding is replayed
	"""

	def __init__(self, tools, ledger, night, revision, replays=REPLAYS):
		self.tools = tools
		self.directory = tools.directory
		self.ledger = ledger
		self.night = night
		self.revision = revision
		self.times = replays
		self.origin = Origin(tools)

	# --- one finding ----------------------------------------------------------------------

	def _tool(self, raw):
		"""
		The first of an arm's tools that shows it again, and the program: the raw one, or the same
		with the check that replay sees (fuzz_model has checks of its own). (None, None): none does.
		"""
		for tool in raw.arm.tools:
			how, text = self.tools.again(tool, raw.program)
			if how == 'fails':
				return tool, raw.program
			other = re.search(r'^FAILS  \S+: (\S+) .* was expected$', text, re.M)
			if other:
				path = f'{self.directory}/.as.prog'
				files.write(path, re.sub(r'^expect\s+\S+', f'expect {other.group(1)}', evidence.read(raw.program), flags=re.M))
				if self.tools.again(tool, path)[0] == 'fails':
					return tool, path
		return None, None

	def take(self, raw):
		"""
		Makes a raw finding an entry, or finds the one that it is.

		Return: the Entry, and whether this night tells it as new. Raises: Trouble, OSError, Interrupted.
		"""
		flaw = raw.program and raw.arm.known({'file': raw.program, 'key': raw.key})
		if flaw:
			return self._flaw(raw, flaw)
		if not raw.program:
			return self._threads(raw)
		tool, program = self._tool(raw)
		if tool is None:
			return self._lost(raw)
		entry = self.ledger.find(raw.arm.code, self._cause(raw, tool, program), sure=True)
		if entry and entry.program and not entry.todo:
			return self._seen(entry)
		return self._enter(raw, tool, *self.tools.shrink(tool, program, f'{self.directory}/.small.prog'))

	def _cause(self, raw, tool, program):
		text = self.tools.again(tool, program, '--report')[1]
		return cause.Cause(cause.key_of(text) or raw.key, text, evidence.read(program))

	def _enter(self, raw, tool, program, whole):
		"""@whole: has it been shrunk to the end?"""
		found = self._cause(raw, tool, program)
		entry = self.ledger.find(raw.arm.code, found)
		if entry and not entry.todo and entry.program and os.path.exists(entry.program) and \
				found.likeness(entry.cause) >= cause.FORM and self._size(entry.program) <= self._size(program):
			return self._seen(entry)
		there = entry or not whole and self.ledger.at(raw.arm.code, found)
		if there and not whole:
			return self._wait(there, program)
		if entry and entry.program and not entry.todo and found.likeness(entry.cause) < cause.FORM:
			return self._form(entry, raw, tool, program, found)
		first = entry is None or not entry.program or entry.todo
		if entry is None:
			entry = self.ledger.add(raw.arm.code, found, born=self.night)
		elif entry.program != f'{self.directory}/{entry.name}.prog' or not entry.shape or entry.todo:
			entry.where, entry.shape = found.text()		# now it has a program, or a small one
		self._write(entry, raw.arm, tool, program)
		entry.todo = '' if whole else 'shrink'
		if whole and first:
			self._compare(entry, tool, raw.arm.mutants)
		return self._seen(entry)

	def _form(self, entry, raw, tool, program, found):	# pylint: disable=too-many-arguments
		"""What fails where an entry does, but not quite in the same way, is told, and makes no night red."""
		form = self.ledger.add(raw.arm.code, found, born=self.night, of=entry.of or entry.name,
				       note=f'fails where {entry.name} does, by other steps: perhaps another cause')
		self._write(form, raw.arm, tool, program)
		return self._seen(form)

	def _write(self, entry, arm, tool, program):
		"""The files of an entry: its program, its report, its picture."""
		path = f'{self.directory}/{entry.name}.prog'
		if program != path:
			files.write(path, evidence.read(program))
		self.tools.draw(tool, path, entry.name)
		entry.program, entry.variant = path, arm.variant
		entry.replays = self.tools.replays(tool, path, self.times)
		entry.repro = shlex.join([f'{tool}/replay', '--diagram', path])

	@staticmethod
	def _size(path):
		text = evidence.read(path)
		return len(cause.shape(text)), len(text)

	def _seen(self, entry):
		"""
		Notes that an entry was met, and writes the ledger.

		Return: the entry that is told, which is another one of a further check, and whether it is new.
		"""
		entry.seen(self.night, self.revision(entry.code))
		main = self.ledger.entries.get(entry.of)
		if main and main.state in ('fixed', 'gone'):
			self.ledger.part(entry, f'was taken for a further check of {main.name}, which is {main.state}', self.night)
		elif main:
			main.seen(self.night, self.revision(main.code))
			entry = main
		self.ledger.write()
		return entry, entry.state == 'new' and entry.born == self.night

	def _compare(self, entry, tool, mutants):
		"""Is an entry a further check of another one's cause? See lib.night.origin."""
		entry.origin = self.origin.of(tool, entry.program, mutants)
		relate(entry, self.ledger)

	# --- what the night has no time for ---------------------------------------------------

	def _wait(self, entry, program):
		"""A program that fails where @entry does and could not be shrunk waits for the next night."""
		text = evidence.read(program)
		more = f'{self.directory}/{entry.name}.more'
		os.makedirs(more, exist_ok=True)
		path = f'{more}/{hashlib.sha256(text.encode()).hexdigest()[:12]}.prog'
		if text != evidence.read(entry.program or os.devnull) and not os.path.exists(path):
			if len(os.listdir(more)) < KEPT:
				files.write(path, text)
			else:
				entry.dropped += 1
		return self._seen(entry)

	def _hand_over(self, entry, other):
		"""What waits for @entry waits for @other instead."""
		more = f'{self.directory}/{other.name}.more'
		other.dropped += entry.dropped
		for program in glob.glob(f'{glob.escape(self.directory)}/{entry.name}.more/*.prog'):
			os.makedirs(more, exist_ok=True)
			os.replace(program, f'{more}/{os.path.basename(program)}')

	def waiting(self, entry):
		"""Programs that wait to be shrunk, for an entry or as one."""
		more = sorted(glob.glob(f'{glob.escape(self.directory)}/{entry.name}.more/*.prog'))
		return ([entry.program] if entry.todo else []) + more

	def resume(self, entry, arm):
		"""
		Goes on with an entry that was not shrunk, or with what waits for it.

		Return: as take(), for each program that the night had time for. Raises: as take().
		"""
		told = []
		for program in self.waiting(entry):
			if not self.tools.bound(1):
				break
			if entry.name not in self.ledger.entries:	# it was another one, which now has what waits
				break
			if program == entry.program:
				told.append(self._resume(entry, arm))
			else:
				told.append(self.take(Raw(arm, program, key=f'{entry.check}  {entry.cause.place}')))
				os.unlink(program)
		more = f'{self.directory}/{entry.name}.more'
		if os.path.isdir(more) and not os.listdir(more):
			os.rmdir(more)
			entry.dropped = 0
			self.ledger.write()
		return told

	def _resume(self, entry, arm):
		raw = Raw(arm, entry.program, key=f'{entry.check}  {entry.cause.place}')
		tool, program = self._tool(raw)
		if tool is None:	# it passes, or is stale: what look_again() is for
			entry.todo = ''
			return self._seen(entry) if not self.look_again(entry, arm) else (entry, True)
		program, whole = self.tools.shrink(tool, program, f'{self.directory}/.small.prog')
		found = self._cause(raw, tool, program)
		other = self.ledger.find(entry.code, found, but=entry)
		if whole and other and found.likeness(other.cause) >= cause.FORM:	# it was that all along
			other.first = min(other.first, entry.first)
			self._hand_over(entry, other)
			self.ledger.remove(entry)
			told = self._seen(other)
			for path in glob.glob(f'{glob.escape(self.directory)}/{entry.name}.*'):
				(shutil.rmtree if os.path.isdir(path) else os.unlink)(path)
			return told
		entry.where, entry.shape = found.text()
		self._write(entry, arm, tool, program)
		entry.todo = '' if whole else 'shrink'
		if whole and other and not self.ledger.further(entry):
			entry.of = other.of or other.name
			entry.note = f'fails where {other.name} does, by other steps: perhaps another cause'
		elif whole:
			self._compare(entry, tool, arm.mutants)
		return self._seen(entry)

	# --- without a program that fails -----------------------------------------------------

	def _flaw(self, raw, flaw):
		entry = self.ledger.flaw(raw.arm.code, flaw)
		if entry is None:
			found = cause.Cause(raw.key, '', evidence.read(raw.program))
			entry = self.ledger.add(raw.arm.code, found, born=self.night, flaw=flaw)
			entry.state, entry.note = 'known', 'corpus/linux/README.md tells it'
			path = f'{self.directory}/{entry.name}.prog'
			files.write(path, evidence.read(raw.program))
			self.tools.draw(raw.arm.tools[0], path, entry.name)
			entry.program, entry.variant = path, raw.arm.variant
			entry.repro = shlex.join([f'{raw.arm.tools[0]}/replay', '--diagram', path])
		return self._seen(entry)

	def _lost(self, raw):
		"""A program that replay does not see fail: what was said when it was found is kept."""
		report = raw.block or evidence.read(raw.program[:-len('.prog')] + '.txt')
		found = cause.Cause(raw.key, report, evidence.read(raw.program))
		entry = self.ledger.find(raw.arm.code, found)
		if entry is None:
			entry = self.ledger.add(raw.arm.code, found, born=self.night, note='replay does not see it')
			path = f'{self.directory}/{entry.name}.prog'
			files.write(path, evidence.read(raw.program))
			files.write(f'{self.directory}/{entry.name}.txt', report or raw.key + '\n')
			entry.program, entry.variant, entry.replays = path, raw.arm.variant, f'0 of {len(raw.arm.tools)}'
			entry.repro = shlex.join(raw.arm.alone(path))
		return self._seen(entry)

	def _threads(self, raw):
		"""
		What free-running threads found has no schedule. It is an entry that fails at that place,
		or a search near all programs there are meets it, or it is an entry without a program.
		"""
		found = cause.Cause(raw.key, raw.block, '')
		entry = self.ledger.find(raw.arm.code, found)
		if entry:
			return self._seen(entry)
		near = self._search(raw)
		if near:
			return near
		entry = self.ledger.add(raw.arm.code, found, born=self.night, variant=raw.arm.variant, repro=raw.command,
					note='no schedule yet: searched for near what the threads did last, and near all programs')
		files.write(f'{self.directory}/{entry.name}.txt', f'{raw.block}\nagain: {raw.command}\n')
		return self._seen(entry)

	def _search(self, raw):
		"""
		Looks for a schedule that fails there, near all programs there are; the arm has searched near
		what its threads did last. Return: as take(), or None.
		"""
		programs = sorted(glob.glob('corpus/litmus/*.prog') + glob.glob('corpus/seeds/*.prog') +
				  glob.glob(f'{self.directory}/*.prog'))
		for tool in raw.arm.tools:
			path = os.path.exists(f'{tool}/explore') and self.tools.search(tool, raw, programs)
			if path:
				return self._enter(raw, tool, *self.tools.shrink(tool, path, f'{self.directory}/.small.prog'))
		return None

	# --- what is there already ------------------------------------------------------------

	def look_again(self, entry, arm):
		"""
		Is an entry's program still a failure? Its state becomes gone if neither it fails nor
		a schedule near it. Return: whether it is told as new: it came back.
		"""
		if not entry.program or not os.path.exists(entry.program) or entry.variant != arm.variant:
			return False
		named = re.search(r'^expect\s+\S+ with mutant (\S+)', evidence.read(entry.program), re.M)
		if (named.group(1) if named else '') != arm.mutants:
			return False	# of another night, with other known bugs
		tool = next((tool for tool in arm.tools if entry.repro.startswith(f'{tool}/')), arm.tools[0])
		fails = self.tools.again(tool, entry.program)[0] == 'fails' or \
			self.tools.near(tool, entry.program, f'{entry.check} {entry.cause.place}', arm.mutants)
		if fails:
			told, new = self._seen(entry)
			return new and told is entry
		if fails is not None and entry.state in ('new', 'known') and \
				not entry.note.startswith(('replay does not', 'no schedule')):
			entry.state, entry.gone = 'gone', stamp(self.revision(entry.code))
			self.ledger.write()
		return False
