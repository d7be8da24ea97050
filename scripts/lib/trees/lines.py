# SPDX-License-Identifier: GPL-2.0-only
"""
Line numbers: a file with our changes in it (fixes, mutants) says in #line directives which line of the user's
file each of its lines is, so that whatever names a line names the user's: the compiler, reports, pictures.
"""
import difflib
import re

from lib.mutation.source import mask

_CONDITIONAL = re.compile(r'[ \t]*#[ \t]*(endif|else|elif)')


def _wanted(old, new):
	"""For each line of @new the number of its line in @old; of one that was added that of the line before."""
	wanted = []
	for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
		for n in range(d - c):
			wanted.append(a + n + 1 if kind == 'equal' or a + n < b else max(b, 1))
	return wanted


def _safe(text):
	"""
	For each line whether a directive may come before it: not within parentheses, which may be those of a
	macro, nor within a comment or behind a backslash.
	"""
	code = mask(text)
	comments = set()
	for match in re.finditer(r'/\*.*?\*/', text, re.S):
		first = text.count('\n', 0, match.start())
		comments.update(range(first + 1, first + match[0].count('\n') + 1))
	safe, depth, joined = [], 0, False
	for number, (line, raw) in enumerate(zip(code.split('\n'), text.split('\n'))):
		safe.append(not depth and not joined and number not in comments)
		depth = max(0, depth + len(re.findall(r'[(\[]', line)) - len(re.findall(r'[)\]]', line)))
		joined = raw.endswith('\\')
	return safe


def number(before, after):
	"""
	Adds the directives to a file.

	@before: its content in the user's tree, bytes; @after: with the changes

	Return: @after with a directive wherever the number of the line is not that of the line before plus one.
	"""
	if before == after:
		return after
	old, new = (re.findall(r'[^\n]*\n|[^\n]+', data.decode('utf-8', 'surrogateescape')) for data in (before, after))
	wanted, safe = _wanted(old, new), _safe(''.join(new))
	said, out, again = 1, [], False
	for n, line in enumerate(new):
		# where a conditional ends, a directive within it may have been passed over
		if safe[n] and (wanted[n] != said or again):
			out.append(f'#line {wanted[n]}\n')
			said, again = wanted[n], False
		out.append(line)
		said += 1
		again = again or bool(_CONDITIONAL.match(line)) and wanted[n] != n + 1
	return ''.join(out).encode('utf-8', 'surrogateescape')
