# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of scripts/tree share: a fake tree, and what is made of it."""
import contextlib
import glob
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import home
from lib import build, progress, start
from lib.trees import graph, probe, prototype, source

GIT = ['git', '-c', 'user.name=Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false']
NAME = f'test-{os.getpid()}'
QUIET = progress.Progress('tree', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


def text_of(path):
	"""What is in a text file."""
	with open(path, encoding='utf-8') as file:
		return file.read()


def put(path, text):
	"""Writes a text file, with its directories."""
	os.makedirs(os.path.dirname(path), exist_ok=True)
	with open(path, 'w', encoding='utf-8') as file:
		file.write(text)


def hooked():
	"""The functions of core/linux/events.def: [(file, its definition)]."""
	return [(f'mm/{section.lower()}.c', f'{row.name}(' if row.kind == 'GLOBAL' else
		 f"static {' '.join(row.result)} {row.name}{row.words()} {{ }}")
		for section, rows in prototype.known().items() for row in rows]


def fake(directory, version=(7, 3, 4)):
	"""
	A tree that has what core/linux/api/probes looks for, and no more: enough to be taken. Between
	the texts is room for patches.
	"""
	table = probe.Table()
	wanted = {path: [] for path, optional in source.Listed().files.items() if not optional}
	for path, text in table.needs + hooked() + [(path, text) for _, path, text in table.features]:
		wanted.setdefault(path, []).append(text)
	for path, texts in wanted.items():
		lines = [f'/* {path} */']
		for number, text in enumerate(dict.fromkeys(texts)):	# a test takes one away by one change
			lines += [f'int line_{number}_{part};' for part in range(8)] + [text]
		put(os.path.join(directory, path), '\n'.join(lines) + '\n')
	put(os.path.join(directory, 'mm/vmscan.c'), '/* mm/vmscan.c */\nint one;\nint two;\nint three;\n')
	numbers = '\n'.join(f'{name} = {number}' for name, number in
			    zip(('VERSION', 'PATCHLEVEL', 'SUBLEVEL'), version))
	put(os.path.join(directory, 'Makefile'), f'# SPDX-License-Identifier: GPL-2.0\n{numbers}\nEXTRAVERSION =\n')


def replace(path, old, new):
	"""Changes a text file in one place."""
	text = text_of(path)
	assert text.count(old) >= 1, (path, old)
	put(path, text.replace(old, new, 1))


def begin(path, text):
	"""Puts C at the begin of a file of fake(): spatch finds no function after a parenthesis left open."""
	put(path, text + text_of(path))


def times(name):
	"""The modification times of all files of a tree in out/tree, and of the graph."""
	found = {graph.TOP: os.stat(graph.TOP).st_mtime_ns}
	for parent, _, entries in os.walk(os.path.join(graph.DIRECTORY, name)):
		for entry in entries:
			path = os.path.join(parent, entry)
			found[path] = os.stat(path).st_mtime_ns
	return found


class Case(unittest.TestCase):
	"""A fake tree in a directory of its own; what is made of it in out/tree is removed again."""

	def setUp(self):
		self.tmp = tempfile.mkdtemp()
		self.linux = os.path.join(self.tmp, NAME)
		fake(self.linux)

	def tearDown(self):
		# another test's scripts/tree writes into the directory of each tree that it finds
		with build.locked(QUIET):
			for path in glob.glob(f'{graph.DIRECTORY}/{NAME}*') + glob.glob(f'{graph.DIRECTORY}/.{NAME}*'):
				shutil.rmtree(path)
			graph.write()
		shutil.rmtree(self.tmp)

	def tree(self, *words, status=0, env=None, cwd=None):
		"""Runs scripts/tree, in this process unless it is to have another environment. Return: what it says."""
		if not env and not cwd:
			said = io.StringIO()
			with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
				got = start.run('tree', list(words))
			self.assertEqual(got, status, said.getvalue())
			return said.getvalue()
		ended = subprocess.run([os.path.join(home.TOP, 'scripts/tree'), *words], stdin=subprocess.DEVNULL,
				       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600,
				       env={**os.environ, **(env or {})}, cwd=cwd, check=False)
		self.assertEqual(ended.returncode, status, ended.stdout)
		return ended.stdout

	def git(self, *words, cwd=None):
		"""Runs git in the fake tree."""
		return subprocess.run([*GIT, *words], cwd=cwd or self.linux, check=True, text=True, timeout=120,
				      stdout=subprocess.PIPE, env={**os.environ, 'GIT_CONFIG_GLOBAL': '/dev/null'}).stdout

	def repository(self):
		"""Makes the fake tree a git worktree with one commit."""
		self.git('init', '-q')
		self.git('add', '.')
		self.git('commit', '-q', '-m', 'linux: as it is')

	def change(self):
		"""Commits a change of two files of ours and one other. Return: the commit's patch."""
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		replace(f'{self.linux}/mm/swap_state.c', 'int line_0_3;', 'int changed;\nint more;')
		replace(f'{self.linux}/mm/vmscan.c', 'int two;', 'int zwei;')
		self.git('commit', '-q', '-a', '-m', 'mm: swap: change things für alle')
		return self.git('format-patch', '-1', '--stdout')

	def path(self, place, name=NAME):
		"""Where a file of the result is."""
		return os.path.join(graph.DIRECTORY, name, place)

	def manifest(self, name=NAME):
		"""The manifest of the result."""
		return json.loads(text_of(self.path('MANIFEST.json', name)))
