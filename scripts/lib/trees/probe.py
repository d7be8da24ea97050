# SPDX-License-Identifier: GPL-2.0-only
"""
What a tree is: found by what is there, not by its version number. The table is
core/linux/api/probes; functions that are hooked are found by prototype.py.
"""
from lib.start import Trouble
from lib.trees.words import words

TABLE = 'core/linux/api/probes'


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
				row = line.split('#', 1)[0].split()
				if row and not self._take(row[0], row[1:]):
					raise Trouble(f"{path}:{number}: expected need, feature, generation or known "
						      f"with its words, not '{line.strip()}'")

	def _take(self, kind, row):
		if kind == 'need' and len(row) >= 2:
			self.needs.append((row[0], ' '.join(row[1:])))
		elif kind == 'feature' and len(row) >= 3:
			self.features.append((row[0], row[1], ' '.join(row[2:])))
		elif kind == 'generation' and row:
			self.generations.append((row[0], row[1:]))
		elif kind == 'known' and row:
			self.known += row
		else:
			return False
		return True


def _text(text):
	"""With one space between words and signs."""
	return ' ' + ' '.join(words(text)) + ' '


class Answer:
	"""`missing`: [(file, text)]; `features`: {name: bool}; `generation`: a name, or None."""

	def __init__(self, contents, table=None):
		table = table or Table()
		self.table = table
		self.have = {}
		for path, data in contents.items():
			self.have[path] = _text(data.decode('utf-8', 'replace'))
		self.missing = [need for need in dict.fromkeys(table.needs) if not self.has(*need)]
		self.features = {name: self.has(path, text) for name, path, text in table.features}
		self.generation = next((name for name, wanted in table.generations
					if all(self._fits(word) for word in wanted)), None)

	def has(self, path, text):
		"""Whether a file has a text."""
		return _text(text) in self.have.get(path, '')

	def _fits(self, word):
		name = word.lstrip('!')
		if name not in self.features:
			raise Trouble(f"{TABLE}: a generation wants the feature '{name}', which is none")
		return self.features[name] != word.startswith('!')

	def flags(self):
		"""What the compiler is told: -DAPI_NAME=0 or 1."""
		return [f'-DAPI_{name.upper()}={int(there)}' for name, there in sorted(self.features.items())]
