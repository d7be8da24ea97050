# SPDX-License-Identifier: GPL-2.0-only
"""
From what an engine left to an entry of the ledger: shrunk, replayed, its report and its pictures
written, and only then told. Killed anywhere, it is done again from the start, and comes to the same
entry: nothing is lost, nothing is there twice.
"""
import glob
import os
import re
import shlex
import shutil

from lib import evidence, files, job
from lib.night import cause

REPLAYS = 100
SHRINK = 120		# seconds
REPLAY = 300		# of all replays together
NEAR = 2000		# schedules of a search near a program
SEARCH = 30		# seconds of each search for what threads have found


class Triage:
	"""
	@home: the nights' directory
	@ledger: Ledger
	@night: its number
	@revision: function from the code of an arm to the revision of its source
	@live: function that shows a text
	@cores: for shrinking
	@replays: how often each finding is replayed
	"""

	def __init__(self, home, ledger, night, revision, live, cores, replays=REPLAYS):	# pylint: disable=too-many-arguments
		self.directory = f'{home}/finding'
		self.ledger = ledger
		self.night = night
		self.revision = revision
		self.live = live
		self.cores = cores
		self.replays = replays
		os.makedirs(self.directory, exist_ok=True)

	# --- tools ----------------------------------------------------------------------------

	def _run(self, argv, seconds, what):
		"""Runs a tool. Return: its Job, and what it said. Raises: Trouble, Interrupted."""
		log = f'{self.directory}/.log'
		files.write(log, '')
		ended = job.run(argv, log=log, seconds=seconds, tick=lambda: self.live(what))
		return ended, evidence.read(log)

	def again(self, tool, program, *options):
		"""
		Replays a program. Return: "fails" as it expects, "passes", or "differs": stale, another
		failure, or not seen in this variant; and what was said.
		"""
		_, text = self._run([f'{tool}/replay', *options, program], REPLAY, f'replays {program}')
		if re.search(r'^ok +\S.* as expected', text, re.M):
			return 'fails', text
		return ('passes' if re.search(r'^PASSES ', text, re.M) else 'differs'), text

	def near(self, tool, program, key, mutants):
		"""Does a schedule near that of a program fail with this check and place?"""
		out = f'{self.directory}/.near'
		shutil.rmtree(out, ignore_errors=True)
		more = ['--mutant', mutants] if mutants else []
		self._run([f'{tool}/explore', '--near', '--keep-going', '--quiet', '--schedules', str(NEAR), '--seconds',
			   str(SEARCH), '--out', out, '--json', f'{out}.json', *more, program], SEARCH + 60, f'searches near {program}')
		said = files.read_json(f'{out}.json') or {}
		return any(cause.place(finding.get('key') or '') == key for finding in said.get('findings') or [])

	def _draw(self, tool, program, name):
		"""Writes the report and the picture of an entry. Return: the report."""
		_, text = self._run([f'{tool}/replay', '--report', program], REPLAY, f'reports {name}')
		begin = text.find('FAIL  ')
		sanitizer = re.search(r'^(=+\n)?(==\d+==ERROR|WARNING: ThreadSanitizer)', text, re.M)
		if sanitizer and begin >= 0:
			begin = min(begin, sanitizer.start())
		report = text[max(0, begin):]
		files.write(f'{self.directory}/{name}.txt', report)
		self._run([f'{tool}/replay', '--svg', f'{self.directory}/.svg.svg', program], REPLAY, f'draws {name}')
		if os.path.exists(f'{self.directory}/.svg.svg'):
			os.replace(f'{self.directory}/.svg.svg', f'{self.directory}/{name}.svg')
		return report

	# --- one finding ----------------------------------------------------------------------

	def _tool(self, raw):
		"""
		The first of an arm's tools that shows it again, and the program: the raw one, or the same
		with the check that replay sees (fuzz_model has checks of its own). (None, None): none does.
		"""
		for tool in raw.arm.tools:
			how, text = self.again(tool, raw.program)
			if how == 'fails':
				return tool, raw.program
			other = re.search(r'^FAILS  \S+: (\S+) .* was expected$', text, re.M)
			if other:
				path = f'{self.directory}/.as.prog'
				files.write(path, re.sub(r'^expect\s+\S+', f'expect {other.group(1)}', evidence.read(raw.program), flags=re.M))
				if self.again(tool, path)[0] == 'fails':
					return tool, path
		return None, None

	def _shrink(self, tool, program, out):
		"""Makes a program as small as it gets. Return: the path of what is left: @out, or @program."""
		self._run([f'{tool}/shrink', '--quiet', '--jobs', str(min(self.cores, 64)), '--max-seconds', str(SHRINK),
			   program, '-o', out], SHRINK + 60, f'shrinks {program}')
		if os.path.exists(out) and self.again(tool, out)[0] == 'fails':
			return out
		return program

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
		return self._enter(raw, tool, self._shrink(tool, program, f'{self.directory}/.small.prog'))

	def _enter(self, raw, tool, program):
		_, text = self.again(tool, program, '--report')
		found = cause.Cause(self._key(text, raw), text, evidence.read(program))
		entry = self.ledger.find(raw.arm.code, found)
		if entry and entry.program and os.path.exists(entry.program) and \
				self._size(entry.program) <= self._size(program):
			return self._seen(entry)
		if entry is None:
			entry = self.ledger.add(raw.arm.code, found, born=self.night)
		elif entry.program != f'{self.directory}/{entry.name}.prog' or not entry.shape:
			entry.where, entry.shape = found.text()		# threads found it, and now it has a program
		path = f'{self.directory}/{entry.name}.prog'
		files.write(path, evidence.read(program))
		self._draw(tool, path, entry.name)
		entry.program = path
		entry.variant = raw.arm.variant
		entry.replays = self._replays(tool, path)
		entry.repro = shlex.join([f'{tool}/replay', '--diagram', path])
		return self._seen(entry)

	@staticmethod
	def _key(text, raw):
		return cause.key_of(text) or raw.key

	@staticmethod
	def _size(path):
		text = evidence.read(path)
		return len(cause.shape(text)), len(text)

	def _replays(self, tool, path):
		"""How many of the replays fail as expected: "100 of 100"."""
		ended, text = self._run([f'{tool}/replay', '--times', str(self.replays), path], REPLAY, f'replays {path}')
		good = re.search(r'^ok +\S.* as expected', text, re.M) and ended.status == 0
		return f'{self.replays} of {self.replays}' if good else f'not always: {evidence.tail(text, 1)[:100]}'

	def _seen(self, entry):
		"""Notes that an entry was met, and writes the ledger."""
		entry.seen(self.night, self.revision(entry.code))
		self.ledger.write()
		return entry, entry.state == 'new' and entry.born == self.night

	def _flaw(self, raw, flaw):
		entry = self.ledger.flaw(raw.arm.code, flaw)
		if entry is None:
			found = cause.Cause(raw.key, '', evidence.read(raw.program))
			entry = self.ledger.add(raw.arm.code, found, born=self.night, flaw=flaw)
			entry.state, entry.note = 'known', 'corpus/linux/README.md tells it'
			path = f'{self.directory}/{entry.name}.prog'
			files.write(path, evidence.read(raw.program))
			self._draw(raw.arm.tools[0], path, entry.name)
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

	# --- threads --------------------------------------------------------------------------

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
		entry = self.ledger.add(raw.arm.code, found, born=self.night, variant=raw.arm.variant,
					note='no schedule yet: searched for near all programs', repro=raw.command)
		files.write(f'{self.directory}/{entry.name}.txt', f'{raw.block}\nagain: {raw.command}\n')
		return self._seen(entry)

	def _search(self, raw):
		"""
		Looks for a schedule that fails there: near what the threads did last, then near all programs
		there are. Return: as take(), or None.
		"""
		programs = sorted(glob.glob('corpus/litmus/*.prog') + glob.glob('corpus/seeds/*.prog') +
				  glob.glob(f'{self.directory}/*.prog'))
		hint = [raw.hint] if raw.hint and os.path.exists(raw.hint) else []
		for tool in raw.arm.tools:
			for near in (hint, programs):
				path = near and os.path.exists(f'{tool}/explore') and self._search_near(raw, tool, near)
				if path:
					return self._enter(raw, tool, self._shrink(tool, path, f'{self.directory}/.small.prog'))
		return None

	def _search_near(self, raw, tool, programs):
		"""A program with a schedule that fails as @raw, near @programs; None: none was found."""
		out = f'{self.directory}/.search'
		shutil.rmtree(out, ignore_errors=True)
		more = ['--mutant', raw.arm.mutants] if raw.arm.mutants else []
		self._run([f'{tool}/explore', '--near', '--keep-going', '--quiet', '--per-program', '20', '--jobs',
			   str(min(self.cores, 64)), '--seconds', str(SEARCH), '--out', out, *more, *programs],
			  SEARCH + 60, f'searches a schedule for {raw.key}')
		for path in sorted(glob.glob(f'{out}/*.prog')):
			first = re.match(r'# (.*)\n', evidence.read(path))
			if first and cause.place(first.group(1)) == cause.place(raw.key):
				return path
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
		how = self.again(tool, entry.program)[0]
		if how == 'fails' or self.near(tool, entry.program, f'{entry.check} {entry.cause.place}', arm.mutants):
			return self._seen(entry)[1]
		if entry.state in ('new', 'known') and not entry.note.startswith(('replay does not', 'no schedule')):
			entry.state = 'gone'
			self.ledger.write()
		return False
