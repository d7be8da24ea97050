# SPDX-License-Identifier: GPL-2.0-only
"""One live line on a terminal, plain lines in a log."""
import os
import sys
import time


class Progress:
	"""
	@name: of the script, before every line
	@every: seconds between plain lines where there is no terminal
	"""

	def __init__(self, name, every=30, stream=None):
		self.name = name
		self.every = every
		self.stream = stream or sys.stdout
		self.terminal = self.stream.isatty() and os.environ.get('TERM') != 'dumb'
		self.shown = False
		self.last = None

	def live(self, text, now=False):
		"""
		How far it is. On a terminal it replaces the last live line; a log gets it when @every
		seconds have passed since the last one, or @now.
		"""
		if self.terminal:
			line = f'{self.name}: {text}'[:self._columns() - 1]
			self.stream.write(f'\r\033[K{line}')
			self.shown = True
		elif now or self.last is None or time.monotonic() - self.last >= self.every:
			self.last = time.monotonic()
			self.stream.write(f'{self.name}: {text}\n')
		self.stream.flush()

	def line(self, text):
		"""A line that stays, without the script's name."""
		self.settle()
		print(text, file=self.stream, flush=True)

	def say(self, text):
		"""A line that stays, with the script's name."""
		self.line(f'{self.name}: {text}')

	def settle(self):
		"""Takes the live line away, before something else is printed."""
		if self.shown:
			self.stream.write('\r\033[K')
			self.stream.flush()
			self.shown = False

	def _columns(self):
		try:
			return max(20, os.get_terminal_size(self.stream.fileno()).columns)
		except (OSError, ValueError):
			return 80
