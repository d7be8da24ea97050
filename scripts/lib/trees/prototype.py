# SPDX-License-Identifier: GPL-2.0-only
"""
The functions of a tree whose entry and exit are events (core/linux/events.def) are declared before the tree's source,
as the tree defines them: a patch may give them another result, more parameters behind those that the harness looks
at, and another name.
"""
import re

from lib import options
from lib.start import Trouble
from lib.trees.words import words as words_of

EVENTS = 'core/linux/events.def'

# of a definition: no part of its type
ADORNMENT = {'static', 'inline', 'noinline', 'extern', 'noinline_for_stack', '__always_inline', '__inline', '__maybe_unused',
	     '__used', '__init', '__exit', '__must_check', '__cold', '__hot', '__ref', '__sched', '__noreturn', '__pure'}
TYPES = {'struct', 'union', 'enum', 'unsigned', 'signed', 'const', 'long', 'int', 'short', 'char', 'bool', 'void'}


class Prototype:
	"""
	A function: `result` and `parameters` are lists of words, `kind` that of its row in events.def.
	"""

	def __init__(self, name, result, parameters, kind='FUNCTION'):
		self.name, self.result, self.parameters, self.kind = name, result, parameters, kind

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
		sections[section] = [Prototype(name, result.split(), words_of(parameters), kind)
				     for kind, name, result, parameters in
				     re.findall(r'^([A-Z]+)\((\w+)(?:,\s*([^,()]*),\s*\((.*?)\))?\)$', rows, re.S | re.M)]
	return sections


def _behind(words, at):
	"""The index behind the bracket that ends what the one at @at begins."""
	depth = 0
	for index in range(at, len(words)):
		depth += (words[index] == '(') - (words[index] == ')')
		if not depth:
			return index + 1
	return len(words)


def definitions(words, name=None):
	"""All of the functions of a name, or of any; with #ifdef there may be several of a name."""
	for at, word in enumerate(words):
		if word != name and (name or not re.match(r'[a-z_]', word)) or words[at + 1:at + 2] != ['(']:
			continue
		begin, end = at, _behind(words, at + 1)
		parameters = words[at + 2:end - 1]
		# attributes, in the kernel's words
		while end < len(words) and re.match(r'\w', words[end]):
			end = _behind(words, end + 1) if words[end + 1:end + 2] == ['('] else end + 1
		if words[end:end + 1] != ['{']:
			continue
		while begin and (re.match(r'\w', words[begin - 1]) or words[begin - 1] == '*'):
			begin -= 1
		result = [word for word in words[begin:at] if word not in ADORNMENT]
		if result:
			yield Prototype(word, result, parameters)


def renamed(pairs):
	"""
	@pairs: OLD=NEW, as users write them

	Return: {old: new}. Raises: Trouble if there is no such OLD.
	"""
	names = {}
	rows = {row.name: row for rows in known().values() for row in rows if row.kind != 'GLOBAL'}
	for pair in pairs:
		old, new = re.fullmatch(r'(\w*)=?(.*)', pair, re.S).groups()
		if not re.fullmatch(r'[A-Za-z_]\w*', new):
			raise Trouble(f"--hook '{pair}': expected OLD=NEW, names of functions")
		if old not in rows:
			raise Trouble(f"--hook {pair}: {EVENTS} has no static function '{old}'" + options.near(old, rows))
		names[old] = new
	return names


def _lacks(where, row, name, words):
	"""What the user is told of a function that is missing."""
	others = {one.name for rows in known().values() for one in rows}
	like = [one.name for one in definitions(words) if one.fits(row) and row.types() and one.name not in others]
	text = f'{where}: there is no {name}(). The harness looks at it when it is called ({EVENTS})'
	if like:
		text += f"; {', '.join(f'{one}()' for one in dict.fromkeys(like))} take the same parameters"
	return f'{text}. If it has another name now: scripts/tree ... --hook {row.name}=NAME'


class Header:
	"""
	`text`: prototypes.h; `absent`: [(file, what)], optional functions that are not hooked.

	@contents: {path: the content of a file of the tree}
	@names: {a name in events.def: that of the tree}

	Raises: Trouble that names all functions that are needed and missing, or have other parameters than the harness
	looks at.
	"""

	def __init__(self, contents, names=()):
		self.names = dict(names)
		self.absent = []
		self.troubles = []
		lines = ['/* written by scripts/tree: what core/linux/events.def names, as the tree has it */',
			 *(f'#define TREE_NAME_{row.name} "{self.names.get(row.name, row.name)}"'
			   for rows in known().values() for row in rows)]
		for section, rows in known().items():
			where = f'mm/{section.lower()}.c'
			words = words_of(contents.get(where, b'').decode('utf-8', 'replace'), directives=False)
			lines += [f'#ifdef TREE_FUNCTIONS_{section}', *self._section(where, rows, words), '#endif']
		if self.troubles:
			raise Trouble('\n'.join(self.troubles))
		self.text = '\n'.join(lines) + '\n'

	def _section(self, where, rows, words):
		there = []
		for row in rows:
			if row.kind == 'GLOBAL':
				if row.name not in words:
					self.troubles.append(f'{where}: there is no {row.name}() ({EVENTS})')
				yield f'noinline __typeof__({row.name}) {row.name};'
				there.append(f'HOOK({row.name}, {row.name})')
				continue
			fits = self._definition(where, row, words)
			if fits is None:
				continue
			yield from (f'struct {name};' for name in re.findall(r'struct (\w+)', ' '.join(fits.parameters)))
			yield fits.text()
			there.append(f'HOOK({row.name}, {fits.name})')
		yield '#define TREE_HOOKS ' + ' '.join(there)

	def _definition(self, where, row, words):
		"""Return: a Prototype, or None if the tree has none that fits, which is noted."""
		name = self.names.get(row.name, row.name)
		found = list(definitions(words, name))
		fits = next((one for one in found if one.fits(row)), None)
		if fits:
			return fits
		if row.kind == 'OPTIONAL' and name == row.name:
			self.absent.append((where, f'{name}() has other parameters than {row.words()}' if found else f'there is no {name}()'))
		elif not found:
			self.troubles.append(_lacks(where, row, name, words))
		else:
			self.troubles.append(
				f'{where}: {name}() has the parameters {found[0].words()}, and must begin with {row.words()}: the '
				f'harness looks at them when the function is called ({EVENTS}). More parameters may follow. If another '
				f'function has them now: scripts/tree ... --hook {row.name}=NAME')
		return None
