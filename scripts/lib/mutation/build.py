# SPDX-License-Identifier: GPL-2.0-only
"""
explore with a mutant in it: one file is compiled as ninja would compile it, and linked in front
of the libraries, which have the unchanged one. What ninja builds is read, never written.
"""
import hashlib
import os
import re
import shlex

from lib import build, job
from lib.start import Trouble
from lib.trees import graph

CORE = ('core/swap', 'core/mm')
PLANTED = 'table_v1.c'		# runs with a planted bug only
OF_TREE = {'mm/swapfile.c': 'core/linux/swapfile_tree.c', 'mm/swap_state.c': 'core/linux/swap_state_tree.c',
	   'mm/page_io.c': 'core/linux/page_io_tree.c'}


class Core:
	"""core/swap and core/mm; @directories: of which of them there are mutants."""

	file = 'build.ninja'

	def __init__(self, directories=CORE):
		self.directories = directories
		self.name = 'core' if directories == CORE else 'core-' + os.path.basename(directories[0])

	def sources(self):
		"""{name in mutants: path}."""
		paths = [f'{directory}/{name}' for directory in self.directories
			 for name in sorted(os.listdir(directory)) if name.endswith('.c') and name != PLANTED]
		return {path: path for path in paths}

	def program(self, variant):
		"""What is hunted."""
		return f'out/{variant}/explore'

	def compiled(self, name):
		"""The file that ninja compiles for a source."""
		return name

	def includes(self, name, directory):
		"""Options and the path below @directory that make the compiler find the mutant there."""
		return ['-iquote', os.path.dirname(name)], name


class Tree:
	"""
	A kernel tree's mm/swapfile.c, mm/swap_state.c and mm/page_io.c.

	@name: of a tree in out/tree, with the fixes of the known flaws
	"""

	file = graph.TOP

	def __init__(self, name, geometry='8-slab'):
		self.name = name
		self.geometry = geometry
		self.top = f'{graph.DIRECTORY}/{name}'

	def sources(self):
		"""{name in mutants: path}."""
		return {name: f'{self.top}/src/{name}' for name in OF_TREE}

	def program(self, variant):
		"""What is hunted."""
		return f'{graph.programs(self.name, variant, self.geometry)}/explore'

	def compiled(self, name):
		"""The file of ours that includes the tree's."""
		return OF_TREE[name]

	def includes(self, name, directory):
		"""As Core has it."""
		return [f'-I{directory}', '-iquote', f'{self.top}/tree/{os.path.dirname(name)}'], f'tree/{name}'


class Builder:
	"""
	Builds mutants of one variant.

	@target: Core or Tree
	@variant: "dev", "asan", "tsan"
	@directory: where a mutant's files go; there is one at a time
	@progress: Progress
	"""

	def __init__(self, target, variant, directory, progress):
		self.target, self.directory = target, directory
		self.program = f'{directory}/explore'
		os.makedirs(directory, exist_ok=True)
		original = target.program(variant)
		build.build([original], progress, file=target.file)
		said = build.ninja(['-f', target.file, '-t', 'commands', original], progress).stdout
		self.compile, self.link = {}, None
		for line in said.splitlines():
			match = re.search(r' -MMD -MF \S+ -c (\S+) -o \S+$', line)
			if match:
				self.compile[match[1]] = shlex.split(line[:match.start()])
			elif line.find(f' -o {original} ') >= 0:
				self.link = shlex.split(line)
		if not self.link:
			raise Trouble(f'ninja does not say how {original} is linked')
		self.link[self.link.index('-o') + 1] = self.program
		self.unchanged = {}	# source -> hash of its object code

	def _object(self, name, text):
		"""Compiles a source. Return: the hash of its object code, or None: it does not compile."""
		options, below = self.target.includes(name, self.directory)
		path = f'{self.directory}/{below}'
		os.makedirs(os.path.dirname(path), exist_ok=True)
		with open(path, 'w', encoding='utf-8') as file:
			file.write(f'#line 1 "{name}"\n{text}')
		compiled = self.target.compiled(name)
		command = [word for word in self.compile[compiled] if word != 'ccache']
		source = path if compiled == name else compiled
		ended = job.run([command[0], *options, *command[1:], '-g0', '-w', '-Wno-error=thread-safety', '-c', source,
				 '-o', f'{self.directory}/mutant.o'], log=f'{self.directory}/log', seconds=300)
		os.unlink(path)
		if ended.status != 0:
			return None
		with open(f'{self.directory}/mutant.o', 'rb') as file:
			return hashlib.sha256(file.read()).hexdigest()

	def original(self, name):
		"""The hash of the unchanged source's object code. Raises: Trouble if it does not compile."""
		if name not in self.unchanged:
			with open(self.target.sources()[name], encoding='utf-8') as file:
				self.unchanged[name] = self._object(name, file.read())
			if not self.unchanged[name]:
				raise Trouble(f'{name} does not compile as it is: {self.directory}/log')
		return self.unchanged[name]

	def build(self, mutant):
		"""
		Builds explore with a mutant.

		Return: the hash of the object code, which is original()'s if the two are the same;
		None: it does not compile.
		"""
		code = self._object(mutant.path, mutant.text)
		if code:
			ended = job.run([self.link[0], *([self.link[1]] if self.link[0] == 'ccache' else []),
					 f'{self.directory}/mutant.o',
					 *self.link[2 if self.link[0] == 'ccache' else 1:]],
					log=f'{self.directory}/log', seconds=300)
			if ended.status != 0:
				return None
		return code
