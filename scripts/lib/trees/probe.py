# SPDX-License-Identifier: GPL-2.0-only
"""
What a tree is: found by what is there, not by its version number. The table is
core/linux/api/probes; functions that core/linux/events.def hooks must be there, too.
"""
import os
import re

from lib.start import Trouble

TABLE = 'core/linux/api/probes'
EVENTS = 'core/linux/events.def'


class Table:
	"""
	The lines of core/linux/api/probes:

	  need FILE TEXT              every tree that can be served has TEXT in FILE
	  feature NAME FILE TEXT      -DAPI_NAME=1 if FILE has TEXT, else 0
	  generation NAME [!]FEATURE...  the first whose features fit is the tree's
	  known VERSION...            versions that were seen to work

	TEXT is C; spaces and comments do not count, words are whole words.
	"""

	def __init__(self, path=TABLE):
		self.needs, self.features, self.generations, self.known = [], [], [], []
		with open(path, encoding='utf-8') as file:
			for number, line in enumerate(file, 1):
				words = line.split('#', 1)[0].split()
				if words and not self._take(words[0], words[1:]):
					raise Trouble(f"{path}:{number}: expected need, feature, generation or known "
						      f"with its words, not '{line.strip()}'")

	def _take(self, kind, words):
		if kind == 'need' and len(words) >= 2:
			self.needs.append((words[0], ' '.join(words[1:])))
		elif kind == 'feature' and len(words) >= 3:
			self.features.append((words[0], words[1], ' '.join(words[2:])))
		elif kind == 'generation' and words:
			self.generations.append((words[0], words[1:]))
		elif kind == 'known' and words:
			self.known += words
		else:
			return False
		return True


def hooked(path=EVENTS):
	"""The functions of the tree that events.def names: [(file, text)]."""
	if not os.path.exists(path):
		return []
	found, where = [], None
	with open(path, encoding='utf-8') as file:
		for line in file:
			section = re.match(r'#\s*ifdef\s+TREE_FUNCTIONS_(\w+)', line)
			entry = re.match(r'(?:FUNCTION|GLOBAL)\((\w+)', line)
			if section:
				where = f'mm/{section.group(1).lower()}.c'
			elif re.match(r'#\s*endif', line):
				where = None
			elif entry and where:
				found.append((where, entry.group(1) + '('))
	return found


def _tokens(text):
	"""C as words and signs with one space between them, without comments and line ends."""
	text = re.sub(r'/\*.*?\*/|//[^\n]*|\\\n', ' ', text, flags=re.S)
	return ' ' + ' '.join(re.findall(r'\w+|[^\w\s]', text)) + ' '


class Answer:
	"""`missing`: [(file, text)]; `features`: {name: bool}; `generation`: a name, or None."""

	def __init__(self, contents, table=None):
		table = table or Table()
		self.table = table
		self.have = {}
		for path, data in contents.items():
			self.have[path] = _tokens(data.decode('utf-8', 'replace'))
		self.missing = [need for need in dict.fromkeys(table.needs + hooked()) if not self.has(*need)]
		self.features = {name: self.has(path, text) for name, path, text in table.features}
		self.generation = next((name for name, wanted in table.generations
					if all(self._fits(word) for word in wanted)), None)

	def has(self, path, text):
		"""Whether a file has a text."""
		return _tokens(text) in self.have.get(path, '')

	def _fits(self, word):
		name = word.lstrip('!')
		if name not in self.features:
			raise Trouble(f"{TABLE}: a generation wants the feature '{name}', which is none")
		return self.features[name] != word.startswith('!')

	def flags(self):
		"""What the compiler is told: -DAPI_NAME=0 or 1."""
		return [f'-DAPI_{name.upper()}={int(there)}' for name, there in sorted(self.features.items())]
