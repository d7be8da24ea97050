# SPDX-License-Identifier: GPL-2.0-only
"""C as a list of words and signs."""
import re

COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|/\*.*?\*/|//[^\n]*', re.S)


def words(text, directives=True):
	"""
	@text: C; comments and line ends do not count
	@directives: what the preprocessor reads, and strings, are text, too
	"""
	text = COMMENT.sub(lambda found: (found[1] if directives else '0') if found[1] else ' ', text)
	if not directives:
		text = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', ' ', text, flags=re.M)
	return re.findall(r'\w+|[^\w\s]', text.replace('\\\n', ' '))
