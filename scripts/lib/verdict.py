# SPDX-License-Identifier: GPL-2.0-only
"""
The three outcomes. PASS (0): nothing wrong, and all that was asked for was done. FAIL (1): a
failure was found. INCOMPLETE (2): something could not be done or was not finished. FAIL wins in
the exit status; both are said.
"""
from lib.start import FAIL, INCOMPLETE, PASS


class Verdict:
	"""
	What a script says in the end.

	@name: of the script
	@parameters: what was asked for, seed included, as it is repeated: "minutes=2 seed=7"
	"""

	def __init__(self, name, parameters=''):
		self.name = name
		self.parameters = parameters
		self.failures = []
		self.reasons = []
		self.planned = []
		self.done = []

	def fail(self, what):
		"""A failure was found: @what, in a few words."""
		if what not in self.failures:
			self.failures.append(what)

	def incomplete(self, why):
		"""Something that was asked for was not done: @why."""
		if why not in self.reasons:
			self.reasons.append(why)

	def amount(self, planned, done):
		"""What was asked for and what was done, for the last line; @planned as in "8 runs"."""
		self.planned.append(str(planned))
		self.done.append(str(done))

	@property
	def word(self):
		"""PASS, FAIL or INCOMPLETE; FAIL wins."""
		return 'FAIL' if self.failures else 'INCOMPLETE' if self.reasons else 'PASS'

	@property
	def status(self):
		"""The exit status."""
		return FAIL if self.failures else INCOMPLETE if self.reasons else PASS

	def text(self):
		"""
		The closing lines. The last one has all of it:
		"hunt: FAIL, INCOMPLETE minutes=2 seed=7, planned 3 runs, done 2 runs".
		"""
		lines = [f'{self.name}: failed: {what}' for what in self.failures]
		lines += [f'{self.name}: not done: {why}' for why in self.reasons]
		words = self.word
		if self.failures and self.reasons:
			words += ', INCOMPLETE'
		last = f'{self.name}: {words}'
		if self.parameters:
			last += f' {self.parameters}'
		if self.planned:
			last += f", planned {' + '.join(self.planned)}, done {' + '.join(self.done)}"
		return '\n'.join(lines + [last])

	def close(self):
		"""Prints the closing lines. Return: the exit status, which no full disk changes."""
		try:
			print(self.text(), flush=True)
		except OSError as error:
			self.incomplete(f'the verdict could not be printed: {error}')
		return self.status
