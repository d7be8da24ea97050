# SPDX-License-Identifier: GPL-2.0-only
"""A row of hunt's table: what was planned for one engine, and what came of it."""


def times(count):
	"""A number of times in words."""
	return 'once' if count == 1 else f'{count} times'


class Row:
	"""
	@engine: variant, as "tsan"
	@what: workload, "explore" or libFuzzer target
	@planned: in words, as "30 s"
	@of: which form of what is hunted, as "fixed"; '': there is only one
	"""

	def __init__(self, engine, what, planned, of=''):
		self.engine = engine
		self.label = f'{of} {engine}'.strip()
		self.what = what
		self.planned = planned
		self.runs = 0
		self.seconds = 0.0
		self.done = 0
		self.reached = '-'
		self.failures = []	# what failed, in a few words each
		self.known = {}		# name of a known flaw -> how often it was seen
		self.places = {}	# name of a known flaw -> check and place where it was seen first
		self.reasons = ['not run']	# why it is incomplete

	def began(self):
		"""It runs: it is no longer "not run"."""
		if self.reasons == ['not run']:
			self.reasons = []

	def incomplete(self, why):
		"""Something planned was not done: @why."""
		self.began()
		if why not in self.reasons:
			self.reasons.append(why)

	@property
	def verdict(self):
		"""The last column."""
		if self.failures:
			return 'FAIL'
		if self.reasons:
			return 'not run' if self.reasons == ['not run'] else 'INCOMPLETE'
		return 'pass'

	def tell(self, verdict):
		"""Adds it to the Verdict of the whole."""
		for what in self.failures:
			verdict.fail(f'{self.label} {self.what}: {what}')
		for why in self.reasons:
			verdict.incomplete(f'{self.label} {self.what}: {why}')


FLAWS = 'corpus/linux/README.md'
FORMAT = '{:<{width}} {:<13} {:>8} {:>7} {:>5} {:>12} {:>12}  {}'


def table(rows):
	"""The rows as text, with what is known and was seen below, and where to read about it."""
	width = max([12] + [len(row.label) for row in rows])
	lines = [FORMAT.format('engine', 'what', 'planned', 'seconds', 'runs', 'done', 'reached', 'verdict', width=width)]
	for row in rows:
		lines.append(FORMAT.format(row.label, row.what, row.planned, f'{row.seconds:.0f}', row.runs,
					   row.done, row.reached, row.verdict, width=width))
	for row in rows:
		for name, count in row.known.items():
			lines.append(f'known flaw, seen {times(count)} by {row.label} {row.what}: {name}  {row.places[name]}'.rstrip())
	if any(row.known for row in rows):
		lines.append(f'{FLAWS} describes each known flaw')
	return '\n'.join(lines)
