# SPDX-License-Identifier: GPL-2.0-only
"""
The findings of a directory of nights: one entry a cause, in one plain file that is read, edited and
kept like any text. A state is

  new    found by the night that runs, or the last one: not looked at yet
  known  found before; a night that meets it stays green
  fixed  marked by scripts/findings: when it is met again, it is new, and that it came back is said
  gone   its program passes, and a search near its schedule does not meet it any more

A bug that several checks see is one entry, and an entry "of" it for each further check, with its program:
when the first one is fixed and a further one is still there, it is an entry of its own again.
"""
import hashlib
import re
import time

from lib import files
from lib.night import cause as causes
from lib.start import Trouble

STATES = ('new', 'known', 'fixed', 'gone')
HEAD = """# Findings, an entry each, written by scripts/nightly and scripts/findings. A night reads it when it
# begins; edit state and note as you like when none runs. state: new, known, fixed or gone.
"""
# name of a field in the file: whether it is a number
FIELDS = {'state': False, 'code': False, 'check': False, 'where': False, 'shape': False, 'flaw': False,
	  'of': False, 'like': False, 'origin': False, 'todo': False, 'dropped': True,
	  'first': False, 'last': False, 'gone': False, 'nights': True, 'night': True, 'born': True, 'variant': False,
	  'program': False, 'replays': False, 'repro': False, 'note': False}


class Entry:
	"""
	One cause. `code` is what it is of, "core" or the name of a tree; `born` the night that found it first;
	`of` the entry of which this is a further check; `like` those that perhaps have the same cause;
	`origin` as lib.night.origin has it; `todo` "shrink" if its program is not small yet; `dropped` how many
	programs that fail there, too, were not kept to be shrunk later; `gone` when, and in which revision, it was
	not there any more.
	"""

	def __init__(self, name, **fields):
		self.name = name
		for field, numeric in FIELDS.items():
			setattr(self, field, fields.get(field, 0 if numeric else ''))

	@property
	def cause(self):
		"""Its Cause."""
		return causes.Cause.read(self.check, self.where, self.shape)

	def text(self):
		"""As it is in the file."""
		lines = [f'{field}: {getattr(self, field)}' for field in FIELDS if getattr(self, field) not in ('', 0)]
		return '\n'.join([f'finding {self.name}', *lines]) + '\n'

	def seen(self, night, revision):
		"""It was met by a night. Return: whether this makes it new, because it was not there any more."""
		if self.night != night:
			self.nights += 1
		self.night = night
		self.last = stamp(revision)
		self.first = self.first or self.last
		if self.state not in ('fixed', 'gone'):
			return False
		since = f' {self.gone}' if self.state == 'gone' and self.gone else ''
		self.note = f"{self.note + '; ' if self.note else ''}was {self.state}{since}, came back {self.last}"
		self.state, self.born, self.gone = 'new', night, ''
		return True


def stamp(revision):
	"""Now, and the revision of the source: "2026-03-01 04:05 1a2b3c4"."""
	return f"{time.strftime('%Y-%m-%d %H:%M')} {revision}"


def _line(text):
	"""A value that stays in its line."""
	return ' '.join(str(text).split())


class Ledger:
	"""
	@path: the file; it need not be there

	Raises: Trouble with the line that is wrong; OSError.
	"""

	def __init__(self, path):
		self.path = path
		self.entries = {}
		try:
			with open(path, encoding='utf-8') as file:
				lines = file.read().splitlines()
		except FileNotFoundError:
			return
		entry = None
		for number, line in enumerate(lines, 1):
			if not line.strip() or line.startswith('#'):
				continue
			entry = self._read(line, entry, f'{path}:{number}')

	def _read(self, line, entry, place):
		begin = re.fullmatch(r'finding (\S+)', line.strip())
		if begin:
			if begin.group(1) in self.entries:
				raise Trouble(f'{place}: a second finding {begin.group(1)}')
			self.entries[begin.group(1)] = Entry(begin.group(1))
			return self.entries[begin.group(1)]
		field, colon, value = line.partition(':')
		field, value = field.strip(), value.strip()
		if entry is None or not colon or field not in FIELDS:
			raise Trouble(f"{place}: expected 'finding NAME' or one of {', '.join(FIELDS)}, as 'state: known'")
		if field == 'state' and value not in STATES:
			raise Trouble(f"{place}: a state is {', '.join(STATES)}, not '{value}'")
		if FIELDS[field]:
			if not value.isdigit():
				raise Trouble(f"{place}: expected a number, not '{value}'")
			value = int(value)
		setattr(entry, field, value)
		return entry

	def write(self):
		"""Writes the file, completely or not at all. Raises: OSError."""
		order = sorted(self.entries.values(), key=lambda entry: (STATES.index(entry.state or 'new'), entry.name))
		files.write(self.path, HEAD + ''.join('\n' + entry.text() for entry in order))

	def find(self, code, cause, sure=False, but=None):
		"""
		The entry that a cause is most alike to, of this code, and not @but; None: there is none.

		@sure: whatever its program, which is not shrunk yet
		"""
		likeness = {entry: cause.likeness(entry.cause) for entry in self._there(code, cause.check, but)
			    if not sure or cause.surely(entry.cause)}
		best = max(likeness, key=likeness.get, default=None)
		return best if best and likeness[best] >= causes.ALIKE else None

	def _there(self, code, check, but=None):
		return [entry for entry in self.entries.values()
			if (entry.code, entry.check) == (code, check) and not entry.flaw and entry is not but]

	def at(self, code, cause):
		"""An open entry with the check and the place of a cause, the most alike one; or None."""
		there = [entry for entry in self._there(code, cause.check)
			 if entry.cause.place == cause.place and entry.state in ('new', 'known')]
		return max(there, key=lambda entry: cause.likeness(entry.cause), default=None)

	def mains(self):
		"""The entries that are no further check of another one."""
		return [entry for entry in self.entries.values() if entry.of not in self.entries]

	def further(self, main):
		"""The entries of its further checks."""
		return [entry for entry in self.entries.values() if entry.of == main.name and entry is not main]

	def others(self, entry):
		"""Open entries of the same code of which @entry could be a further check; none if it has some itself."""
		if self.further(entry):
			return []
		return [other for other in self.mains() if other is not entry and other.code == entry.code and
			other.state in ('new', 'known') and not other.flaw]

	def part(self, entry, why, night):
		"""A further check is an entry of its own; new, since nobody has told it."""
		entry.note = f"{entry.note + '; ' if entry.note else ''}{why}"
		entry.of, entry.state, entry.born = '', 'new', night

	def remove(self, entry):
		"""An entry turned out to be another one."""
		del self.entries[entry.name]

	def flaw(self, code, flaw):
		"""The entry of a known flaw of a tree, or None."""
		return next((entry for entry in self.entries.values() if (entry.code, entry.flaw) == (code, flaw)), None)

	def add(self, code, cause, **fields):
		"""A new entry with a name of its own. Return: it; the file is not written yet."""
		where, shape = cause.text()
		what = hashlib.sha256(f'{code} {cause.check} {where} {shape}'.encode()).hexdigest()
		length = 4
		while f'{cause.check}-{what[:length]}' in self.entries:
			length += 1
		entry = Entry(f'{cause.check}-{what[:length]}', state='new', code=code, check=cause.check,
			      where=_line(where), shape=_line(shape), **fields)
		self.entries[entry.name] = entry
		return entry

	def begin(self, night):
		"""A night begins: what earlier ones found and told is known now."""
		for entry in self.entries.values():
			if entry.state == 'new' and entry.born != night:
				entry.state = 'known'
