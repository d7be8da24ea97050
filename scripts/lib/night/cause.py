# SPDX-License-Identifier: GPL-2.0-only
"""
Which findings have one cause? What is compared is what a maintainer would compare: the check and
the file where it fires, the innermost functions of the tasks, and the shape of the shrunk program.
Never the seed, the engine, the variant, line numbers, or which known bugs are on.

  check   INV-C8
  place   core/check/claims.c; of a sanitizer's report also the functions in it
  where   the failing task's last steps and the functions they are in; of a number that is not
          what it should be: the function after which it was never right again
  shape   operations of each task by name, and what disturbs them: preempt, migrate, fail SITE

Check and place have to be equal. Of steps and shape a part has to be the same, and a step counts half
as much as the one after it: a bug is reached on more than one way, of which the last steps are the same,
and a second bug at the same place has other ones. Of 34 known bugs with 82 finds, two finds of one bug
had 0.47 to 1.0 in common. Finds of two bugs had 0 to 0.27, or 0.54 and more if both fail in one function
with the same last steps. So what is between ALIKE and FORM is told, as a further form of the entry.
"""
import re

CONTINUED = 4		# columns that the rest of a long text is moved in; a function's steps are by 2
STEPS = 5		# before a failure that are looked at
SURE = 0.9		# of the steps alone, of a program that is not shrunk
FADE = 0.5		# of a step, for each one that is nearer to the failure
ALIKE = 0.37		# of one cause, see above; shapes alone, with no step in common, are not
FORM = 0.65		# of one entry; below that it is a form that is told
_SYNONYMS = {'write': 'map', 'reclaim_folio': 'reclaim', 'shrink': 'reclaim'}	# ways to the same code
_OBJECT = re.compile(r'\b(?:[A-D]/\d+|[A-D]:\d+|[fmtc]\d+|\d+|[A-D])\b')
_WRONG = re.compile(r'^(\w+): .*; wrong from here on$')
_MARK = '<-- FAIL'


def _section(text, name):
	"""The indented lines of a section of a block, without their indentation."""
	found = re.search(rf'^{name}\n((?:    .*\n|\s*\n)*)', text + '\n', re.M)
	return [line[4:] for line in found.group(1).splitlines()] if found else []


def place(key):
	"""Check and place of a finding's key, without lines, which an edit moves."""
	return ' '.join(re.sub(r':\d+', '', key).split())


def key_of(text):
	"""The key of a block: check and place of its first line; "" if there is none."""
	found = re.search(r'^FAIL  (\S+)\s*(.*)$', text, re.M)
	return f'{found.group(1)}  {found.group(2)}'.strip() if found else ''


def _columns(rows):
	"""Where the columns of an interleaving begin: below each title is a line of dashes."""
	for number, row in enumerate(rows):
		if re.fullmatch(r'\s*-{2,}(?:\s+-{2,})*\s*', row):
			return number + 1, [match.start() for match in re.finditer(r'-+', row)]
	return 0, []


def steps(rows):
	"""
	The steps of an interleaving.

	@rows: its lines

	Return: a list of (column, indentation, text); a long text is one step.
	"""
	first, begins = _columns(rows)
	found = []
	for row in rows[first:]:
		indent = len(row) - len(row.lstrip())
		if not row.strip():
			continue
		column = max([n for n, begin in enumerate(begins) if begin <= indent], default=0)
		indent -= begins[column] if begins else 0
		if found and found[-1][0] == column and indent - found[-1][1] == CONTINUED:
			found[-1] = (*found[-1][:2], f'{found[-1][2]} {row.strip()}')
		else:
			found.append((column, indent, row.strip()))
	return found


def _plain(text):
	"""A step without the objects in it, which other programs name otherwise."""
	text = re.sub(r'\(.*\)', '', text)
	return ' '.join(_OBJECT.sub('_', text).split()).strip(' {=}')


def _where(rows):
	"""The last steps before a failure, innermost first, with the functions they are in."""
	stacks, lasts = {}, {}
	wrong = None
	for column, _, text in steps(rows):
		stack, last = stacks.setdefault(column, []), lasts.setdefault(column, [])
		if re.match(r'op\d+: ', text):
			stack.clear()
		match = _WRONG.match(text)
		if match:
			wrong = match.group(1)
		if _MARK in text:
			if wrong:
				break
			words = [_plain(text[:text.index(_MARK)]), *last[:-1 - STEPS:-1]]
			return [word for n, word in enumerate(words) if word and word not in words[:n]]
		opens = re.match(r'(\w+)\(.*\{$', text)
		if opens:
			stack.append(opens.group(1))
			last.append(opens.group(1))
		elif text.startswith('}'):
			if stack:
				last.append(stack.pop())
		elif text != '...' and not re.match(r'op\d+: |work item', text):
			last.append(_plain(text))
	return ['wrong from ' + wrong] if wrong else []


def shape(program):
	"""
	The shape of a program, as a sorted list of words, each as often as it is there.

	@program: its text
	"""
	found, task = [], None
	program = re.split(r'^expect\b', re.sub(r'(?:(?<=[\s;{}])|\A)#.*', '', program), maxsplit=1, flags=re.M)[0]
	body = program.partition('\nschedule')[0]
	for line in body.splitlines():
		for part in re.split(r'[;{}]', line):
			words = part.split()
			if not words:
				continue
			if words[0] == 'task':
				task = words[1]
				found.append('task')
			elif task is None:
				found += [f'fail {site}' for site in re.findall(r'([a-z.]+) (?:every )?\d', part)
					  if words[0] == 'fail']
			elif re.fullmatch(r'[a-z_]+', words[0]):
				found.append(_SYNONYMS.get(words[0], words[0]))
	schedule = program.partition('\nschedule')[2]
	for event, value in re.findall(r'\.op\d+ (\S+)#\d+ -> (\S+?);?(?=\s|$)', schedule):
		site = re.search(r'\((.*)\)', event)
		if value.startswith('cpu'):
			found.append('migrate')
		elif value in ('fail', 'ok'):
			found.append(f'{value} {site.group(1) if site else event}')
		elif event in ('slab', 'ref', 'random'):
			found.append(event)
		else:
			found.append('preempt')
	return sorted(found)


class Cause:
	"""
	What tells one cause from another.

	@key: of explore, or key_of() a block
	@block: of the failure, with its interleaving; of the shrunk program, if there is one
	@program: the shrunk program; "" of free-running threads
	"""

	def __init__(self, key, block, program):
		words = place(key).split(' ', 1)
		self.check = words[0]
		self.place = words[1] if len(words) > 1 else ''
		self.where = [word for word in _where(_section(block, 'interleaving')) if word]
		self.shape = shape(program)

	def text(self):
		"""Two lines for the ledger: the place with its functions, and the shape."""
		return f"{self.place}; {' < '.join(self.where)}".strip('; '), ', '.join(self.shape)

	@classmethod
	def read(cls, check, where, shaped):
		"""What text() said."""
		cause = cls('', '', '')
		cause.check = check
		cause.place, _, functions = where.partition('; ')
		cause.where = functions.split(' < ') if functions else []
		cause.shape = shaped.split(', ') if shaped else []
		return cause

	def likeness(self, other):
		"""How much it is like @other: 0, another cause for sure, to 1."""
		if (self.check, self.place) != (other.check, other.place):
			return 0
		if not self.shape or not other.shape:	# of threads: no more is known
			return 1
		return (0.7 * _alike_steps(self.where, other.where) if self.where or other.where else 0.7) + \
			0.3 * alike(self.shape, other.shape)

	def surely(self, other):
		"""Is it that one, whatever the programs are? Its last steps are the same at the same place."""
		return (self.check, self.place) == (other.check, other.place) and bool(self.where) and \
			alike(self.where, other.where) >= SURE


def squeezed(text):
	"""A step as it is compared: where a column is narrow, a long word is broken."""
	return text.replace(' ', '')


def _alike_steps(one, two):
	"""How much of the steps before a failure is in both: 0 to 1."""
	first, second = ({squeezed(step): FADE ** n for n, step in reversed(list(enumerate(steps)))} for steps in (one, two))
	words = {*first, *second}
	return sum(min(first.get(word, 0), second.get(word, 0)) for word in words) / \
		max(1e-9, sum(max(first.get(word, 0), second.get(word, 0)) for word in words))


def alike(one, two):
	"""How much of two shapes is in both: 0 to 1."""
	words = {*one, *two}
	both = sum(min(one.count(word), two.count(word)) for word in words)
	return both / max(1, sum(max(one.count(word), two.count(word)) for word in words))
