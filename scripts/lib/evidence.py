# SPDX-License-Identifier: GPL-2.0-only
"""
What a program's output shows: a failure of what it runs, or trouble of its own. A failure is what
a check or a sanitizer says; a program that just dies is trouble.
"""
import re

# The first line of a block: a check's, or a sanitizer's without one.
_BEGIN = re.compile(r'^(?:FAIL  |==\d+== ?ERROR: |WARNING: ThreadSanitizer: |\S+:\d+:\d+: runtime error: )')
# A sanitizer that could not do its own work.
_TROUBLE = re.compile(r'failed to (?:allocate|mmap|munmap)|out of memory|Shadow memory range|'
		      r'unexpected memory mapping|libFuzzer: out-of-memory|allocation-size-too-big')
_LIVE = re.compile(r'^\s*\d+ s  ')		# explore's progress


def read(path, start=0):
	"""A log from byte @start on, as text; '' if there is none."""
	try:
		with open(path, 'rb') as file:
			file.seek(start)
			return file.read().decode(errors='replace')
	except FileNotFoundError:
		return ''


def blocks(text):
	"""The blocks of failures in an output, each from its first line to the end or to the next one."""
	found, block = [], None
	for line in text.splitlines():
		if _BEGIN.match(line) and (block is None or line.startswith('FAIL  ') and
					   block[0].startswith('FAIL  ')):
			block = [line]
			found.append(block)
		elif block is not None:
			block.append(line)
	return ['\n'.join(block) for block in found if not _TROUBLE.search(block[0])]


def trouble(text):
	"""Whether a sanitizer could not do its own work, as for lack of memory."""
	return any(_BEGIN.match(line) and _TROUBLE.search(line) for line in text.splitlines())


def name(block):
	"""What tells failures apart: check and place, or the sanitizer's summary."""
	first = block.split('\n', maxsplit=1)[0]
	if first.startswith('FAIL  '):
		return ' '.join(first.split()[1:])
	summary = re.search(r'^SUMMARY: (.*)$', block, re.M)
	return re.sub(r'==\d+== ?|0x[0-9a-f]+', '', summary.group(1) if summary else first).strip()


class Told:
	"""The failures that were shown: each is shown in full once, and named afterwards."""

	def __init__(self):
		self.logs = {}		# name of a failure -> the log in which it was seen first

	def first(self, failure, log):
		"""The log that showed this failure before, or None: then it is shown now, from @log."""
		told = self.logs.setdefault(failure, log)
		return None if told == log else told

	def once(self, text, log):
		"""@text, the output in @log, without the bodies of the blocks that were shown before."""
		lines, skipping = [], False
		for line in text.splitlines():
			if line.startswith('FAIL  '):
				told = self.first(name(line), log)
				skipping = told is not None
				if skipping:
					line += f'  (the same as in {told})'
				lines.append(line)
			elif line.startswith('repro '):
				skipping = False
				lines.append(line)
			elif not skipping:
				lines.append(line)
		return '\n'.join(lines)


def tail(text, lines=5):
	"""The last lines of an output that say something, for a message."""
	said = [line.strip() for line in text.splitlines() if line.strip() and not _LIVE.match(line)]
	return '; '.join(said[-lines:])[-500:]
