# SPDX-License-Identifier: GPL-2.0-only
"""
Where a failing run leaves what passing runs do: pairs of steps of a task, in the function they are
in, that follow each other in the failing run and in none that passes. The runs that pass are those of
the corpus, and of the program itself without one of its operations or choices, which is small: they
are as near as passing runs get.

One bug is often seen by several checks: of a lock that a function leaves held, the first thing that
must not be done with it tells, whatever that is. What these runs have in common is the step that no
passing run makes. So two findings are of one cause if their few unusual pairs are the same; if they
are many, or only some are the same, it is in doubt, and said to be.

The file of the list has a pair as "swap_alloc_fast: lock ci _ > _ is not usable".
"""
import glob
import os
import re

from lib import evidence, files
from lib.night import cause

FEW = 4			# pairs that say where a run went wrong; more only say where it was
LEAST = 2
MOST = 12		# pairs that are kept
PATIENCE = 300		# seconds for all runs of the corpus
ALIKE = 0.5		# of two sets of pairs: in doubt
PROGRAMS = ('corpus/litmus/*.prog', 'corpus/regress/*.prog', 'corpus/seeds/*.prog')
# what says nothing of the code's way: single accesses, and what the schedule does to a task
_NOISE = re.compile(r'(read|write|rmw|deref|alloc|free|has the hint|now on|waits?)\b|.*wrong from here on|\.\.\.')
_OBJECT = re.compile(r'\b(?:[A-D]/\d+|[A-D]:\d+|[fmtc]\d+|\d+|[A-D]|[A-Z]{3,})\b')
_VERDICT = re.compile(r'(ok|FAILS|PASSES|STALE|DIFFERS|skip) +(\S+?): ?(.*)')


def _plain(text):
	"""A step without objects, states and numbers."""
	return ' '.join(_OBJECT.sub('_', re.sub(r'\(.*?\)', '', text)).split()).replace(';', ',').replace('>', '')


def pairs(rows):
	"""
	The pairs of steps of a whole diagram, in its order: (function, step, next step of the task).

	@rows: its lines. The failing step is in no pair: the check says it.
	"""
	last, stacks = {}, {}
	for column, _, text in cause.steps(rows):
		stack = stacks.setdefault(column, [])
		if _NOISE.match(text):
			continue
		opens = re.match(r'(\w+)\(.*\{$', text)
		begins = re.match(r'op\d+: (\w+)', text)
		if begins:
			stack.clear()
			step = f'op {begins.group(1)}'
		elif opens:
			step = f'{opens.group(1)} begins'
		elif text.startswith('}'):
			step = f"{stack.pop() if stack else 'it'} ends"
		else:
			step = _plain(text)
		if column in last and '<-- FAIL' not in text:
			yield stack[-1] if stack else 'top', last[column], step
		last[column] = step
		if opens:
			stack.append(opens.group(1))


def _key(pair):
	"""A pair as it is compared."""
	return tuple(map(cause.squeezed, pair))


def drawn(text):
	"""What replay --diagram --full said: (file, word, rest of the line, rows) of each program."""
	found = []
	for line in text.splitlines():
		said = _VERDICT.match(line)
		if said:
			found.append((said.group(2), said.group(1), said.group(3), []))
		elif found:
			found[-1][3].append(line[4:] if line.startswith('    ') else line)
	return found


def _bare(program):
	"""A program's text without what it expects."""
	return re.sub(r'^expect\b.*\n?', '', program, flags=re.M)


def neighbours(program):
	"""A program's text without one of its operations, and with the first of its choices only."""
	body, _, schedule = _bare(program).partition('\nschedule')
	lines, within = body.splitlines(), False
	for number, line in enumerate(lines):
		within |= line.startswith('task')
		if within and re.match(r'\s+[a-z_]+', line):
			yield '\n'.join(lines[:number] + lines[number + 1:]) + '\n'
	yield body + '\n'
	choices = [line for line in schedule.splitlines() if re.match(r'\s+\d+\.op', line)]
	for number in range(1, len(choices)):
		yield f'{body}\nschedule\n' + '\n'.join(choices[:number]).rstrip(';') + '\n'


class Origin:
	"""@tools: lib.night.tools.Tools"""

	def __init__(self, tools):
		self.tools = tools
		self.passing = {}	# (tool, mutants) -> pairs

	def _draw(self, tool, mutants, programs):
		"""Runs that pass of these texts: their pairs."""
		paths = []
		top = f'{self.tools.directory}/.passing'
		os.makedirs(top, exist_ok=True)
		for number, text in enumerate(programs):
			paths.append(f'{top}/{number}.prog')
			files.write(paths[-1], text)
		more = [word for mutant in mutants.split('+') if mutant for word in ('--mutant', mutant)]
		_, text = self.tools.run([f'{tool}/replay', '--diagram', '--full', *more, *paths], PATIENCE, 'draws what passes')
		return {_key(pair) for _, word, _, rows in drawn(text) if word == 'ok' for pair in pairs(rows)}

	def _corpus(self, tool, mutants):
		if (tool, mutants) not in self.passing:
			programs = [_bare(evidence.read(path)) for pattern in PROGRAMS for path in sorted(glob.glob(pattern))]
			self.passing[tool, mutants] = self._draw(tool, mutants, programs)
		return self.passing[tool, mutants]

	def of(self, tool, program, mutants):
		"""The unusual pairs of a program that fails, in their order: a text for the list; "" if there are none."""
		usual = self._corpus(tool, mutants) | self._draw(tool, mutants, neighbours(evidence.read(program)))
		_, text = self.tools.run([f'{tool}/replay', '--diagram', '--full', program], PATIENCE, f'draws {program}')
		found = []
		for _, word, why, rows in drawn(text):
			if word == 'ok' and 'as expected' in why:
				found += [pair for pair in pairs(rows) if _key(pair) not in usual]
		texts = [f'{function}: {step} > {after}' for function, step, after in dict.fromkeys(found)]
		return '; '.join(texts[:MOST] + ([f'and {len(texts) - MOST} more'] if len(texts) > MOST else []))


def compare(one, two):
	"""
	Have findings with these origins one cause? True, False, or None: in doubt.

	One pair may be alike by chance. If the one run has all that is unusual in the other one and more,
	the same pair has to be the last before the failure.
	"""
	one, two = ([cause.squeezed(pair) for pair in text.split('; ') if pair] for text in (one, two))
	few, many = sorted((one, two), key=len)
	common = set(one) & set(two)
	if not common:
		return False
	if len(few) >= LEAST and len(many) <= FEW and len(common) == len(few) and few[-1] == many[-1]:
		return True
	return None if len(common) / len({*one, *two}) >= ALIKE else False


def relate(entry, ledger):
	"""Makes an entry a further check of the one that has its cause, if there is one, or notes the doubt."""
	doubt = []
	for other in ledger.others(entry):
		same = compare(entry.origin, other.origin)
		if same:
			entry.of, entry.like = other.name, ''
			return
		if same is None:
			doubt.append(other.name)
	entry.like = ' '.join(doubt[:5])
