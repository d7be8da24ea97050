# SPDX-License-Identifier: GPL-2.0-only
"""
Patches as they are mailed: one, an mbox of several, or a plain diff; with whatever encoding the
mail has. Taken apart into files and hunks, since only some of the files are ours.
"""
import email
import email.header
import re

from lib.start import Trouble

_MAIL = re.compile(rb'^From \S+ .*\d\d:\d\d', re.M)
_HUNK = re.compile(rb'^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@')


class FileDiff:
	"""
	The change of one file.

	@path: in the tree, without a/ or b/
	`old` is another name that it had before, `new` whether the patch creates it, `gone` whether it
	deletes it; `hunks` is their text, `header` what is before them.
	"""

	def __init__(self):
		self.path = self.old = None
		self.new = self.gone = self.binary = False
		self.header = []
		self.hunks = []

	def text(self):
		"""The diff, as git apply takes it."""
		return b''.join(self.header + [line for hunk in self.hunks for line in hunk])


class Patch:
	"""One patch of a file: `subject`, or None, and `files`, FileDiffs."""

	def __init__(self, subject, diffs):
		self.subject = subject
		self.files = diffs


def _name(text, where):
	"""The path in "a/mm/swapfile.c", or None for /dev/null."""
	text = text.split(b'\t', 1)[0].strip()
	if text.startswith(b'"') and text.endswith(b'"'):
		text = text[1:-1]
	if text == b'/dev/null':
		return None
	parts = text.decode('utf-8', 'replace').split('/', 1)
	if len(parts) != 2 or not parts[1]:
		raise Trouble(f"{where}: expected a path as in a/mm/swapfile.c, not '{parts[0]}'")
	return parts[1]


class _Reader:
	"""Takes a diff apart, line by line. Text between the diffs is passed over."""

	def __init__(self, data, where):
		self.lines = re.findall(rb'[^\n]*\n|[^\n]+', data)
		self.where = where
		self.at = 0
		self.files = []

	def _place(self):
		return f'{self.where}: line {self.at + 1} of the diff'

	def _hunk(self, match, current):
		"""A hunk: as many lines as its first one says."""
		hunk = [self.lines[self.at]]
		old, new = (int(match.group(i)) if match.group(i) is not None else 1 for i in (2, 4))
		place = self._place()
		self.at += 1
		while old > 0 or new > 0:
			line = self.lines[self.at] if self.at < len(self.lines) else b''
			kind = line[:1]
			if line in (b'\n', b'\r\n'):	# a context line that lost its space
				kind = b' '
			if kind == b' ':
				old, new = old - 1, new - 1
			elif kind == b'-':
				old -= 1
			elif kind == b'+':
				new -= 1
			elif kind != b'\\':
				raise Trouble(f'{place}: the hunk is cut off: {old} old and {new} new lines are missing')
			if old < 0 or new < 0:
				raise Trouble(f'{place}: the hunk has more lines than it says')
			hunk.append(line)
			self.at += 1
		if self.at < len(self.lines) and self.lines[self.at].startswith(b'\\'):
			hunk.append(self.lines[self.at])
			self.at += 1
		current.hunks.append(hunk)

	def _extended(self, current, line):
		"""One of git's lines between "diff --git" and the hunks."""
		if line.startswith(b'new file mode'):
			current.new = True
		elif line.startswith(b'deleted file mode'):
			current.gone = True
		elif line.startswith((b'GIT binary patch', b'Binary files ')):
			current.binary = True
		elif line.startswith((b'rename from ', b'copy from ')):
			current.old = line.split(b' from ', 1)[1].strip().decode('utf-8', 'replace')
		elif line.startswith((b'rename to ', b'copy to ')):
			current.path = line.split(b' to ', 1)[1].strip().decode('utf-8', 'replace')
		elif not line.startswith((b'index ', b'old mode', b'new mode', b'similarity ',
					  b'dissimilarity ')):
			return False
		current.header.append(line)
		return True

	def _names(self, current):
		"""The lines --- and +++."""
		old = _name(self.lines[self.at][4:], self._place())
		new = _name(self.lines[self.at + 1][4:], self._place())
		current.header += self.lines[self.at:self.at + 2]
		current.new = current.new or old is None
		current.gone = current.gone or new is None
		current.path = new or old
		if old and new and old != new and current.old is None:
			current.old = old
		self.at += 2

	def read(self):
		"""Return: the FileDiffs. Raises: Trouble."""
		current = None
		while self.at < len(self.lines):
			line = self.lines[self.at]
			git = re.match(rb'diff --git (\S+) (\S+)', line)
			match = _HUNK.match(line)
			if git:
				current = FileDiff()
				current.header.append(line)
				current.path = _name(git.group(2), self._place())
				self.files.append(current)
				self.at += 1
			elif line.startswith(b'--- ') and self.at + 1 < len(self.lines) and \
			     self.lines[self.at + 1].startswith(b'+++ '):
				if current is None or current.hunks or not current.header[0].startswith(b'diff --git'):
					current = FileDiff()
					self.files.append(current)
				self._names(current)
			elif match and current is not None and \
			     any(header.startswith(b'+++ ') for header in current.header):
				self._hunk(match, current)
			elif current is not None and not current.hunks and self._extended(current, line):
				self.at += 1
			else:
				if current is not None and current.hunks:
					current = None
				self.at += 1
		return self.files


def _mail(data):
	"""Subject and text of a mail."""
	message = email.message_from_bytes(data)
	subject = message['subject']
	if subject is not None:
		parts = email.header.decode_header(subject)
		subject = ''.join(part if isinstance(part, str) else part.decode(code or 'utf-8', 'replace')
				  for part, code in parts)
		subject = re.sub(r'\s+', ' ', subject).strip()
	text = b''
	for part in message.walk():
		if part.get_content_maintype() == 'text' or part.get_content_type().endswith('diff') or \
		   part.get_content_type().endswith('patch'):
			text += part.get_payload(decode=True) or b''
	return subject, text.replace(b'\r\n', b'\n')


def parse(data, where):
	"""
	The patches in the file @where, whose content is @data. A mail without a diff, as the cover
	letter of a series, is none.

	Raises: Trouble if there is no diff in it, or a damaged one.
	"""
	starts = [match.start() for match in _MAIL.finditer(data)
		  if match.start() == 0 or data[match.start() - 2:match.start()] == b'\n\n']
	if starts and starts[0] == 0:
		mails = [data[a:b] for a, b in zip(starts, starts[1:] + [len(data)])]
	elif re.match(rb'(From|Date|Subject|Message-I[dD]|Return-Path|Received|Delivered-To|MIME-Version|To): ',
		      data):
		mails = [data]
	else:
		mails = None
	found = []
	if mails is None:
		found.append(Patch(None, _Reader(data.replace(b'\r\n', b'\n'), where).read()))
	else:
		for number, mail in enumerate(mails, 1):
			subject, text = _mail(mail)
			place = where if len(mails) == 1 else f'{where}, mail {number}'
			found.append(Patch(subject, _Reader(text, place).read()))
	found = [patch for patch in found if patch.files]
	if not found:
		raise Trouble(f'{where}: there is no diff in it')
	return found
