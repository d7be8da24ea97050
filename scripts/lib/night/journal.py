# SPDX-License-Identifier: GPL-2.0-only
"""
What a night has done, as it does it: a line of JSON for each thing, on the disk before the next one
begins. After kill -9 or a power cut the next start reads it and goes on.
"""
import json
import os

from lib import files


class Journal:
	"""
	@path: the file; what is in it is read first. A last line that is cut off is no line.

	`lines` has all of it, as dictionaries with "what".
	"""

	def __init__(self, path):
		self.path = path
		self.lines = []
		whole = 0
		try:
			with open(path, 'rb') as file:
				for line in file:
					if not line.endswith(b'\n'):
						break
					whole += len(line)
					try:
						self.lines.append(json.loads(line))
					except ValueError:	# torn by a power cut
						continue
		except FileNotFoundError:
			pass
		self._file = open(path, 'ab')	# pylint: disable=consider-using-with
		self._file.truncate(whole)
		files.sync_directory(os.path.dirname(path) or '.')

	def add(self, what, **fields):
		"""Adds a line; it is on the disk when this returns. Raises: OSError."""
		line = {'what': what, **fields}
		self._file.write(json.dumps(line).encode() + b'\n')
		self._file.flush()
		os.fsync(self._file.fileno())
		self.lines.append(line)
		return line

	def all(self, what):
		"""All lines of a kind, oldest first."""
		return [line for line in self.lines if line['what'] == what]

	def last(self, what):
		"""The last line of a kind, or None."""
		return next((line for line in reversed(self.lines) if line['what'] == what), None)

	def close(self):
		"""Closes it."""
		self._file.close()
