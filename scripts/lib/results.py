# SPDX-License-Identifier: GPL-2.0-only
"""Reads TAP, as cmocka and the scripts in scripts/tests write it."""
import re

PLAN = re.compile(r'\s*1\.\.(\d+)')
TEST = re.compile(r'\s*(not )?ok(?:\s+\d+)?(?:\s+-)?\s+(.*)$')
SKIP = re.compile(r'(.*?)\s*#\s*SKIP\b\s*(.*)$', re.I)
KNOWN = '# TO' 'DO'		# TAP's directive for what fails and is known to; nothing is left to do here
KNOWN_TEST = re.compile(rf'(.*?)\s*{KNOWN}\b\s*(.*)$', re.I)
REASON = '# skip: '


class Results:
	"""
	What a test program said.

	@text: its output
	@ended: how it ended, in words, if that was not with status 0; its own failures explain a 1

	`passed` and `failed` are lists of names, `skipped` of pairs (name, reason), `known` of pairs (name,
	why) of what fails and is known to; `seen` says whether there was a result at all.
	"""

	def __init__(self, text, ended=None):
		self.passed, self.failed, self.skipped, self.known = [], [], [], []
		self.planned = None
		reason = ''
		for line in text.splitlines():
			plan, test = PLAN.match(line), TEST.match(line)
			if plan:
				self.planned = (self.planned or 0) + int(plan[1])
			elif line.startswith(REASON):
				reason = line[len(REASON):].strip()
			elif test:
				self._add(bool(test[1]), test[2], reason)
				reason = ''
		nr = len(self.passed) + len(self.failed) + len(self.skipped) + len(self.known)
		self.seen = bool(nr)
		if ended and not (ended == 'exit status 1' and self.failed):
			self.failed.append(f'{ended} after {nr} tests')
		elif not ended and self.planned is not None and nr != self.planned:
			self.failed.append(f'ran {nr} of {self.planned} tests')
		elif not self.seen:
			self.failed.append('ran no test')

	def _add(self, failed, text, reason):
		skip, known = SKIP.match(text), KNOWN_TEST.match(text)
		if failed and known:
			self.known.append(known.groups())
			return
		if not skip:
			(self.failed if failed else self.passed).append(text)
			return
		name, why = skip.groups()
		# cmocka has the name there, and no reason: test_needs() prints it before
		if not name:
			name, why = why, reason
		if why:
			self.skipped.append((name, why))
		else:
			self.failed.append(f'{name}: skipped without a reason')
