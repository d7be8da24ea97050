# SPDX-License-Identifier: GPL-2.0-only
"""
As much of C as the rules of mutants need: the functions of a file in kernel style, and their
statements in blocks. Comments, strings and preprocessor lines are blanked out first, at equal
length: offsets are those of the text.
"""
import re

CONTROL = re.compile(r'(if|for|while|switch|\w*for_each\w*|scoped_guard|scoped_cond_guard)\b\s*\(')
TYPES = r'const|struct|union|enum|static|unsigned|signed|int|long|bool|char|void|short|size_t|[us](8|16|32|64)|\w+_t'
DECLARATION = re.compile(rf'(({TYPES})\b.*|\w+\s+\**\w+\s*(=.*|,.*|\[.*|))$', re.S)
JUMP = re.compile(r'(return|goto|break|continue)\b')
LABEL = re.compile(r'(case\b[^:;{}]*|default|[A-Za-z_]\w*)\s*:(?!:)')


class Statement:
	"""
	A statement without others in it, or the head of one that has.

	@kind: 'call' (an expression), 'jump', 'declaration', or the word of a head: 'if', 'while', ...
	@start, @end: offsets; of a head those of what is between its parentheses
	@block: number of the block it is in; @index: its place there
	@alone: it is the body of a head without braces
	@label: the last label before it in this block, or ''
	@body: of a head: (first, last) of the function's statements that are in its body
	"""

	def __init__(self, kind, start, end, block, index, alone, label):
		self.kind, self.start, self.end = kind, start, end
		self.block, self.index, self.alone, self.label = block, index, alone, label
		self.body = (0, 0)


class Function:
	"""@name, and its statements in the order of the text."""

	def __init__(self, name, statements):
		self.name = name
		self.statements = statements


def mask(text):
	"""@text with comments, strings and preprocessor lines blank."""
	def blank(match):
		return re.sub(r'[^\n]', ' ', match[0])
	text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)
	return re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', blank, text, flags=re.M)


def closing(text, at):
	"""The offset of the bracket that closes the one at @at, or -1."""
	depth = 0
	for match in re.compile(r'[][(){}]').finditer(text, at):
		depth += 1 if match[0] in '([{' else -1
		if not depth:
			return match.start()
	return -1


class _Parser:
	def __init__(self, text, end):
		self.text, self.end = text, end
		self.blocks = 0
		self.found = []

	def skip(self, at):
		while at < self.end and self.text[at].isspace():
			at += 1
		return at

	def block(self, at, end):
		"""The statements from @at to @end, which is a closing brace."""
		self.blocks += 1
		number, index, label = self.blocks, 0, ''
		at = self.skip(at)
		while at < end:
			match = LABEL.match(self.text, at)
			if match and '?' not in match[0]:
				label = match[1]
				at = self.skip(match.end())
				continue
			at = self.skip(self.one(at, number, index, False, label))
			index += 1

	def one(self, at, number, index, alone, label):
		"""One statement. Return: where it ends."""
		text = self.text
		if at >= self.end:
			return at
		if text[at] == '{':
			end = closing(text, at)
			self.block(at + 1, end)
			return end + 1
		match = re.compile(r'(else|do)\b').match(text, at)
		if match:
			return self.one(self.skip(match.end()), number, index, True, label)
		match = CONTROL.match(text, at)
		if match:
			return self.head(match, number, index, alone, label)
		return self.simple(at, number, index, alone, label)

	def head(self, match, number, index, alone, label):
		end = closing(self.text, match.end() - 1)
		head = Statement(match[1], match.end(), end, number, index, alone, label)
		self.found.append(head)
		first = len(self.found)
		at = self.one(self.skip(end + 1), number, index, True, label)
		head.body = (first, len(self.found))
		following = self.skip(at)
		if head.kind == 'if' and re.compile(r'else\b').match(self.text, following):
			at = self.one(following, number, index, True, label)
		return at

	def simple(self, at, number, index, alone, label):
		end = at
		while end < self.end and self.text[end] != ';':
			if self.text[end] in '([{':
				end = closing(self.text, end)
				if end < 0:
					return self.end
			end += 1
		words = self.text[at:end].strip()
		kind = 'jump' if JUMP.match(words) else 'declaration' if DECLARATION.match(words) else 'call'
		if words:
			self.found.append(Statement(kind, at, end + 1, number, index, alone, label))
		return end + 1


class Source:
	"""
	A file.

	@path: as mutants name it
	@text: what is in it

	`code` is the text without comments, `functions` has its Functions.
	"""

	def __init__(self, path, text):
		self.path, self.text = path, text
		self.code = mask(text)
		self.functions = []
		for match in re.finditer(r'^\{[ \t]*$', self.code, re.M):
			head = re.split(r'^\}|;[ \t]*$|\n[ \t]*\n', self.code[:match.start()].rstrip(), flags=re.M)[-1]
			name = re.search(r'\b(?!__(?:must_hold|acquires|releases|printf)\b)([A-Za-z_]\w*)\s*\(', head)
			end = closing(self.code, match.start())
			if not name or end < 0:
				continue
			parser = _Parser(self.code, end)
			parser.block(match.start() + 1, end)
			self.functions.append(Function(name[1], parser.found))

	def words(self, statement):
		"""A statement as it is written, in one line, without comments."""
		return ' '.join(self.code[statement.start:statement.end].split())

	def line(self, offset):
		"""The number of the line an offset is in, as #line directives have it."""
		first, start = 1, 0
		for match in re.finditer(r'^#line (\d+)\n', self.text[:offset], re.M):
			first, start = int(match[1]), match.end()
		return first + self.text.count('\n', start, offset)
