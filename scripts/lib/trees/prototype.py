# SPDX-License-Identifier: GPL-2.0-only
"""
The functions of a tree whose entry and exit are events (core/linux/events.def) are declared before the tree's source,
as the tree defines them: a patch may give them another result, and more parameters behind those that the harness
looks at.
"""
import re

from lib.start import Trouble
from lib.trees.probe import EVENTS

# of a definition: no part of its type
ADORNMENT = {'static', 'inline', 'noinline', 'extern'}
TYPES = {'struct', 'union', 'enum', 'unsigned', 'signed', 'const', 'long', 'int', 'short', 'char', 'bool', 'void'}


def _tokens(text):
	text = re.sub(r'/\*.*?\*/|//[^\n]*', ' ', text, flags=re.S)
	text = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', ' ', text, flags=re.M)
	return re.findall(r'\w+|[^\w\s]', text)


class Prototype:
	"""`result` and `parameters` of a function, which is static, in `file`: lists of words."""

	def __init__(self, name, result, parameters, where):
		self.name, self.result, self.parameters, self.where = name, result, parameters, where

	def types(self):
		"""The types of the parameters."""
		found, one, depth = [], [], 0
		for word in [*self.parameters, ',']:
			depth += (word == '(') - (word == ')')
			if word != ',' or depth:
				one.append(word)
				continue
			if len(one) > 1 and re.match(r'\w', one[-1]) and one[-1] not in TYPES and one[-2] != 'struct':
				one.pop()
			found.append(one)
			one = []
		return [] if found in ([['void']], [[]]) else found

	def fits(self, known):
		"""Whether its first parameters are those of another one."""
		return self.types()[:len(known.types())] == known.types()

	def text(self):
		"""What declares it."""
		return f"static noinline {' '.join(self.result)} {self.name}({' '.join(self.parameters)});"

	def words(self):
		"""Its parameters, for the user."""
		return '(' + re.sub(r' (?=,)|(?<=\*) ', '', ' '.join(self.parameters)) + ')'


def known(path=EVENTS):
	"""Those that the harness knows: {the section of events.def: [Prototype]}."""
	with open(path, encoding='utf-8') as file:
		text = file.read()
	sections = {}
	for section, rows in re.findall(r'#ifdef TREE_FUNCTIONS_(\w+)\n(.*?)#endif', text, re.S):
		where = f'mm/{section.lower()}.c'
		sections[section] = [Prototype(name, result.split(), _tokens(parameters), where) for name, result, parameters
				     in re.findall(r'^FUNCTION\((\w+),\s*([^,()]*),\s*\((.*?)\)\)$', rows, re.S | re.M)]
	return sections


def _behind(words, at):
	"""The index behind the bracket that ends what the one at @at begins."""
	depth = 0
	for index in range(at, len(words)):
		depth += (words[index] == '(') - (words[index] == ')')
		if not depth:
			return index + 1
	return len(words)


def definitions(words, name, where):
	"""All of a function; with #ifdef there may be several."""
	for at, word in enumerate(words):
		if word != name or words[at + 1:at + 2] != ['(']:
			continue
		begin, end = at, _behind(words, at + 1)
		parameters = words[at + 2:end - 1]
		while end < len(words) and words[end].startswith('__'):
			end = _behind(words, end + 1) if words[end + 1:end + 2] == ['('] else end + 1
		if words[end:end + 1] != ['{']:
			continue
		while begin and (re.match(r'\w', words[begin - 1]) or words[begin - 1] == '*'):
			begin -= 1
		result = [word for word in words[begin:at] if word not in ADORNMENT and not word.startswith('__')]
		yield Prototype(name, result, parameters, where)


def header(contents):
	"""
	The text of prototypes.h.

	@contents: {path: the content of a file of the tree}

	Raises: Trouble if a function has other parameters than the harness looks at.
	"""
	lines = ['/* written by scripts/tree: what core/linux/events.def names, as the tree has it */']
	for section, rows in known().items():
		lines.append(f'#ifdef TREE_FUNCTIONS_{section}')
		for row in rows:
			words = _tokens(contents.get(row.where, b'').decode('utf-8', 'replace'))
			found = list(definitions(words, row.name, row.where))
			fits = next((one for one in found if one.fits(row)), None)
			if found and fits is None:
				raise Trouble(f'{row.where}: {row.name}() has the parameters {found[0].words()}, and must begin '
					      f'with {row.words()}: the harness looks at them when the function is called '
					      f'({EVENTS}). More parameters may follow')
			fits = fits or row
			lines += [f'struct {name};' for name in re.findall(r'struct (\w+)', ' '.join(fits.parameters))]
			lines.append(fits.text())
		lines.append('#endif')
	return '\n'.join(lines) + '\n'
