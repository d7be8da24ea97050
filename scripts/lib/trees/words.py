# SPDX-License-Identifier: GPL-2.0-only
"""C as a list of words and signs."""
import re


def words(text, directives=True):
	"""
	@text: C; comments and line ends do not count
	@directives: what the preprocessor reads is text, too
	"""
	text = re.sub(r'/\*.*?\*/|//[^\n]*', ' ', text, flags=re.S)
	if not directives:
		text = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', ' ', text, flags=re.M)
	return re.findall(r'\w+|[^\w\s]', text.replace('\\\n', ' '))
