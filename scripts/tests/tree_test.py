#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/tree: what it takes of a tree, what it says, what it refuses, and what it leaves alone."""
import base64
import contextlib
import glob
import hashlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import home
from lib import build, progress, start, tap
from lib.trees import debian, diff, graph, header, lines, probe, source

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


def fake(directory, version=(7, 3, 4)):
	"""
	A tree that has what core/linux/api/probes looks for, and no more: enough to be taken. Between
	the texts is room for patches.
	"""
	table = probe.Table()
	wanted = {path: [] for path, optional in source.Listed().files.items() if not optional}
	for path, text in table.needs + probe.hooked() + [(path, text) for _, path, text in table.features]:
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


class Take(Case):
	def test_copies(self):
		"""each listed file is there, byte for byte, and the manifest has its hash"""
		said = self.tree(self.linux)
		manifest = self.manifest()
		self.assertIn("byte for byte the tree's", said)
		self.assertIn('Linux 7.3.4', said)
		for path, optional in source.Listed().files.items():
			if not optional or os.path.exists(f'{self.linux}/{path}'):
				with open(f'{self.linux}/{path}', 'rb') as file:
					data = file.read()
				with open(self.path(f'src/{path}'), 'rb') as file:
					self.assertEqual(file.read(), data)
				self.assertEqual(manifest['files'][path]['copy'], hashlib.sha256(data).hexdigest())
		self.assertEqual(manifest['changed'], [])
		self.assertNotIn('commit', manifest['source'])
		self.assertFalse(os.path.exists(self.path('src/mm/vmscan.c')))

	def test_twice(self):
		"""a second run touches no file"""
		self.tree(self.linux)
		before = times(NAME)
		self.tree('--again', NAME)
		self.tree(self.linux)
		after = times(NAME)
		del before[self.path('MANIFEST.json')], after[self.path('MANIFEST.json')]
		self.assertEqual(before, after)

	def test_edit(self):
		"""after a change in the tree one file is written"""
		self.tree(self.linux)
		before = times(NAME)
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		self.tree('--again', NAME)
		changed = {path for path, time in times(NAME).items() if before.get(path) != time}
		self.assertEqual(changed - {self.path('MANIFEST.json')}, {self.path('src/mm/swapfile.c')})

	def test_gone(self):
		"""a file that the tree does not have any more is not kept"""
		put(f'{self.linux}/mm/swap_more.h', 'int more;\n')
		replace(f'{self.linux}/mm/swapfile.c', 'int line_0_0;', '#include "swap_more.h"')
		self.tree(self.linux)
		self.assertTrue(os.path.exists(self.path('src/mm/swap_more.h')))
		replace(f'{self.linux}/mm/swapfile.c', '#include "swap_more.h"', 'int line_0_0;')
		self.tree(self.linux)
		self.assertFalse(os.path.exists(self.path('src/mm/swap_more.h')))

	def test_generation(self):
		"""7.3 and 7.2 are told by what is there"""
		self.tree(self.linux)
		self.assertEqual(self.manifest()['generation'], '7.3')
		self.assertIn('-DAPI_SWAP_IO_CTX=1', self.manifest()['api'])
		os.unlink(f'{self.linux}/include/linux/swap_ops.h')
		for path in ('mm/swap_state.c', 'mm/swapfile.c'):
			for _, where, text in probe.Table().features:
				if where == path:
					replace(f'{self.linux}/{path}', text, '')
		self.tree(self.linux)
		self.assertEqual(self.manifest()['generation'], '7.2')
		self.assertIn('-DAPI_SWAP_IO_CTX=0', self.manifest()['api'])

	def test_relative(self):
		"""paths are those of the directory where it is started"""
		self.tree(NAME, cwd=self.tmp)
		self.assertEqual(self.manifest()['source']['path'], os.path.realpath(self.linux))

	def test_empty_headers(self):
		"""a header that is nowhere else is an empty file; the C library's is not"""
		replace(f'{self.linux}/mm/swapfile.c', 'int line_0_0;',
			'#include <linux/no_such_header.h>\n#include <linux/types.h>')
		self.tree(self.linux)
		self.assertEqual(text_of(self.path('empty/linux/no_such_header.h')), '')
		self.assertFalse(os.path.exists(self.path('empty/linux/types.h')))

	def test_list_remove(self):
		"""--list names it, --remove removes it, from the graph too"""
		self.tree(self.linux)
		self.assertIn(NAME, self.tree('--list'))
		self.assertIn(f'/{NAME}/', text_of(graph.TOP))
		self.tree('--remove', NAME)
		self.assertNotIn(NAME, self.tree('--list'))
		self.assertNotIn(f'/{NAME}/', text_of(graph.TOP))
		self.assertIn('there is no tree', self.tree('--remove', NAME, status=2))


class Refuse(Case):
	def nothing(self):
		"""Asserts that nothing half-made is left."""
		self.assertEqual(glob.glob(f'{graph.DIRECTORY}/*{NAME}*') + glob.glob(f'{graph.DIRECTORY}/.*{NAME}*'), [])

	def test_missing_symbol(self):
		"""a tree without a symbol: which, where, and what is known to work"""
		replace(f'{self.linux}/mm/swapfile.c', 'swap_cluster_populate(', 'other(')
		replace(f'{self.linux}/include/linux/swap.h', 'SWP_HIBERNATION', 'OTHER')
		put(f'{self.linux}/mm/swap.h', text_of(f'{self.linux}/mm/swap.h') + '/* swap_cluster_populate( */\n')
		said = self.tree(self.linux, status=2)
		self.assertRegex(said, r'mm/swapfile\.c +swap_cluster_populate\(')
		self.assertRegex(said, r'include/linux/swap\.h +SWP_HIBERNATION')
		self.assertRegex(said, r'known to work: .*7\.3')
		self.nothing()

	def test_missing_file(self):
		"""a tree without a file: which"""
		os.unlink(f'{self.linux}/mm/swap_table.h')
		self.assertRegex(self.tree(self.linux, status=2), r'mm/swap_table\.h +no such file')
		self.nothing()

	def test_keeps_the_old(self):
		"""a tree that cannot be taken any more leaves the copy of before"""
		self.tree(self.linux)
		before = times(NAME)
		replace(f'{self.linux}/mm/swapfile.c', 'swap_cluster_populate(', 'other(')
		self.tree(self.linux, status=2)
		self.assertEqual(times(NAME), before)

	def test_no_generation(self):
		"""a mixture of two generations is none"""
		os.unlink(f'{self.linux}/include/linux/swap_ops.h')
		self.assertIn('of no known generation', self.tree(self.linux, status=2))
		self.nothing()

	def test_no_tree(self):
		"""what is no kernel tree"""
		self.assertIn('no directory', self.tree(f'{self.tmp}/nothing', status=2))
		self.assertIn('has no Makefile', self.tree(self.tmp, status=2))
		put(f'{self.linux}/Makefile', 'all:\n\ttrue\n')
		self.assertIn('no VERSION', self.tree(self.linux, status=2))
		self.nothing()

	def test_options(self):
		"""bad options: what was expected"""
		self.assertIn('two numbers', self.tree('debian:seven', status=2))
		self.assertIn('8-slab', self.tree(self.linux, '--geometry', '16-slab', status=2))
		self.assertIn('VARIANT-GEOMETRY', self.tree(self.linux, '--build', 'dev', status=2))
		self.assertIn('cannot be', self.tree(self.linux, '--name', '../x', status=2))
		self.assertIn('no such mutant', self.tree(self.linux, '--mutant', 'nothing', status=2))
		self.assertIn('no git worktree', self.tree(self.linux, '--since', 'HEAD', status=2))
		self.assertIn('there is no tree', self.tree('--again', NAME + '-no', status=2))
		self.nothing()

	def test_two_of_a_name(self):
		"""two trees do not share a name by accident"""
		self.tree(self.linux)
		other = os.path.join(self.tmp, 'other', NAME)
		fake(other)
		self.assertIn('another --name', self.tree(other, status=2))
		self.tree(other, '--name', NAME + '-other')


class Fresh(Case):
	def test_ninja(self):
		"""in a checkout where nothing was built yet, what scripts/tree names can be built"""
		checkout = os.path.join(self.tmp, 'checkout')
		for name in ('core', 'corpus', 'fuzz', 'scripts', 'stress', 'util'):
			shutil.copytree(name, os.path.join(checkout, name))
		said = subprocess.run([f'{checkout}/scripts/tree', self.linux], stdout=subprocess.PIPE, text=True,
				      stderr=subprocess.STDOUT, check=False).stdout
		words = said.rstrip().rpartition('is ready: ')[2].split()
		self.assertEqual(words[0], 'ninja', said)
		with build.locked(QUIET):
			ended = subprocess.run([*words, '-n'], cwd=checkout, stdout=subprocess.PIPE,
					       stderr=subprocess.STDOUT, text=True, check=False)
		self.assertEqual(ended.returncode, 0, ended.stdout)


class Patch(Case):
	def setUp(self):
		super().setUp()
		self.mail = os.path.join(self.tmp, '0001.patch')

	def without(self):
		"""The tree as it was before the change, and the change as a patch file."""
		self.repository()
		put(self.mail, self.change())
		self.git('reset', '-q', '--hard', 'HEAD~1')

	def check(self, *more, name=NAME + '-patched'):
		"""Takes the tree with the patch and asserts what became of it."""
		said = self.tree(self.linux, '--patch', self.mail, *more)
		self.assertRegex(said, r'left out, not among the files that are built: mm/vmscan\.c')
		self.assertIn('changed: mm/swap_state.c mm/swapfile.c', said)
		self.assertIn('int changed;', text_of(self.path('src/mm/swapfile.c', name)))
		self.assertIn('int more;', text_of(self.path('src/mm/swap_state.c', name)))
		self.assertNotIn('int changed;', text_of(f'{self.linux}/mm/swapfile.c'))
		self.assertEqual(self.manifest(name)['patches'][-1]['left_out'], ['mm/vmscan.c'])
		return said

	def test_there_already(self):
		"""a patch that the tree has already is named as that"""
		self.repository()
		put(self.mail, self.change())
		self.assertIn('the change of mm/swap_state.c is in the tree already',
			      self.tree(self.linux, '--patch', self.mail, status=2))

	def test_format_patch(self):
		"""git format-patch's output is taken unchanged; other files are named and left out"""
		self.without()
		self.assertIn('mm: swap: change things für alle', self.check())

	def test_encoded(self):
		"""a mail whose text is encoded"""
		self.without()
		head, body = text_of(self.mail).split('\n\n', 1)
		head = head.replace('Content-Transfer-Encoding: 8bit', 'Content-Transfer-Encoding: base64')
		self.assertIn('base64', head)
		put(self.mail, head + '\n\n' + base64.encodebytes(body.encode()).decode())
		self.check()

	def test_mbox(self):
		"""an mbox of several, with a cover letter"""
		self.repository()
		first = self.change()
		replace(f'{self.linux}/mm/swapfile.c', 'int changed;', 'int changed;\nint again;')
		self.git('commit', '-q', '-a', '-m', 'mm: swap: once more')
		second = self.git('format-patch', '-1', '--stdout')
		self.git('reset', '-q', '--hard', 'HEAD~2')
		cover = first.split('\n', 1)[0] + '\nFrom: Tester <tester@example.org>\nSubject: [PATCH 0/2] two\n\nText.\n\n'
		put(self.mail, cover + first + '\n' + second + '\n')
		self.tree(self.linux, '--patch', self.mail)
		self.assertIn('int changed;\nint again;', text_of(self.path('src/mm/swapfile.c', NAME + '-patched')))
		self.assertEqual(len(self.manifest(NAME + '-patched')['patches']), 2)

	def test_plain_diff(self):
		"""a diff without a mail, and without git's lines"""
		self.without()
		text = text_of(self.mail)
		lines = [line for line in text[text.index('diff --git'):].splitlines(keepends=True)
			 if not line.startswith(('diff --git', 'index '))]
		put(self.mail, ''.join(lines))
		self.check()

	def test_does_not_apply(self):
		"""a hunk that does not apply: file, hunk, nothing is left"""
		self.without()
		replace(f'{self.linux}/mm/swap_state.c', 'int line_0_3;', 'int line_0_other;')
		said = self.tree(self.linux, '--patch', self.mail, status=2)
		self.assertIn('0001.patch: hunk 1 of 1 for mm/swap_state.c does not apply', said)
		self.assertEqual(glob.glob(f'{graph.DIRECTORY}/*{NAME}*'), [])
		self.assertEqual(glob.glob(f'{graph.DIRECTORY}/.{NAME}*'), [])

	def test_nothing_of_ours(self):
		"""a patch of none of the files that are built"""
		self.repository()
		replace(f'{self.linux}/mm/vmscan.c', 'int two;', 'int zwei;')
		put(self.mail, self.git('diff'))
		self.assertIn('none of its files', self.tree(self.linux, '--patch', self.mail, status=2))

	def test_no_patch(self):
		"""what is no patch, or a damaged one"""
		put(self.mail, 'hello\n')
		self.assertIn('there is no diff', self.tree(self.linux, '--patch', self.mail, status=2))
		put(self.mail, '--- a/mm/swapfile.c\n+++ b/mm/swapfile.c\n@@ -1,9 +1,9 @@\n one\n-two\n')
		self.assertIn('cut off', self.tree(self.linux, '--patch', self.mail, status=2))
		self.assertIn('no such file', self.tree(self.linux, '--patch', self.mail + 'x', status=2))

	def test_new_header(self):
		"""a header that the patch creates and one of our files includes is taken"""
		self.repository()
		put(f'{self.linux}/mm/swap_tier.h', 'int tier;\n')
		put(f'{self.linux}/mm/other.h', 'int other;\n')
		replace(f'{self.linux}/mm/swapfile.c', 'int line_0_0;', '#include "swap_tier.h"')
		self.git('add', '.')
		put(self.mail, self.git('diff', '--cached'))
		self.git('reset', '-q', '--hard')
		said = self.tree(self.linux, '--patch', self.mail)
		self.assertEqual(text_of(self.path('src/mm/swap_tier.h', NAME + '-patched')), 'int tier;\n')
		self.assertFalse(os.path.exists(self.path('src/mm/other.h', NAME + '-patched')))
		self.assertRegex(said, r'left out.*: mm/other\.h')

	def test_semantic(self):
		"""a semantic patch changes the statement that it matches, or says that it matches nothing"""
		cocci = os.path.join(self.tmp, 'flip.cocci')
		begin(f'{self.linux}/mm/swap_state.c',
		      'static int f(int a)\n{\n\tif (a)\n\t\treturn 1;\n\treturn 0;\n}\n')
		put(cocci, '// File: mm/swap_state.c\n@@ @@\nf(...) {\n<...\n- return 1;\n+ return 2;\n...>\n}\n')
		self.tree(self.linux, '--patch', cocci)
		self.assertIn('return 2;', text_of(self.path('src/mm/swap_state.c', NAME + '-patched')))
		put(cocci, '@@ @@\n- no_such_function();\n')
		self.assertIn('matches nothing', self.tree(self.linux, '--patch', cocci, status=2))
		put(cocci, '@@ @@\n- nonsense(((;\n')
		self.assertIn('spatch', self.tree(self.linux, '--patch', cocci, status=2))
		put(cocci, '// File: mm/vmscan.c\n@@ @@\n- f();\n')
		self.assertIn('not among the files', self.tree(self.linux, '--patch', cocci, status=2))


class Worktree(Case):
	def test_commit(self):
		"""the commit is named; what it changes outside of our files is named, and left out"""
		self.repository()
		self.change()
		said = self.tree(self.linux)
		commit = self.git('rev-parse', 'HEAD').strip()
		self.assertEqual(self.manifest()['source']['commit'], commit)
		self.assertEqual(self.manifest()['source']['dirty'], [])
		self.assertIn(commit[:12], said)
		self.assertIn('mm: swap: change things für alle', said)
		self.assertRegex(said, r'left out: mm/vmscan\.c')
		self.assertIn('int changed;', text_of(self.path('src/mm/swapfile.c')))

	def test_dirty(self):
		"""changes that are not committed are taken, and told"""
		self.repository()
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		replace(f'{self.linux}/mm/vmscan.c', 'int two;', 'int zwei;')
		index = os.stat(f'{self.linux}/.git/index').st_mtime_ns
		said = self.tree(self.linux)
		self.assertEqual(self.manifest()['source']['dirty'], ['mm/swapfile.c'])
		self.assertIn('not committed: mm/swapfile.c', said)
		self.assertRegex(said, r'left out: mm/vmscan\.c')
		self.assertEqual(os.stat(f'{self.linux}/.git/index').st_mtime_ns, index)

	def test_since(self):
		"""--since says what changed since a revision"""
		self.repository()
		self.git('tag', 'begin')
		self.change()
		self.git('commit', '-q', '--allow-empty', '-m', 'nothing')
		self.assertNotIn('vmscan', self.tree(self.linux))
		self.assertIn('vmscan', self.tree(self.linux, '--since', 'begin'))
		self.assertIn('no such revision', self.tree(self.linux, '--since', 'never', status=2))


class Known(Case):
	"""Fixes and mutants: semantic patches of the corpus. Here some of the test's own stand for them."""

	def setUp(self):
		super().setUp()
		self.corpus = os.path.join(self.tmp, 'corpus')
		for name, text in (('fixes/first', '- first_flaw();\n'), ('fixes/second', '- second_flaw();\n'),
				   ('mutants/late', '- in_time();\n+ late();\n')):
			put(f'{self.corpus}/{name}.cocci', f'// File: mm/swap_state.c\n@@ @@\n{text}')
		begin(f'{self.linux}/mm/swap_state.c', 'static void f(void)\n{\n\tfirst_flaw();\n\tin_time();\n}\n')
		self.env = {'SWAPHAMMER_CORPUS': self.corpus}

	def test_fixes(self):
		"""fixes are applied; one that matches nothing is gone"""
		said = self.tree(self.linux, '--fixes', env=self.env)
		self.assertIn('fixed first in mm/swap_state.c', said)
		self.assertIn('gone: second', said)
		self.assertNotIn('first_flaw', text_of(self.path('src/mm/swap_state.c', NAME + '-fixes')))
		self.assertEqual(self.manifest(NAME + '-fixes')['fixes'], {'first': ['mm/swap_state.c'], 'second': []})

	def test_unreadable(self):
		"""a fix that matches nothing because of a syntax error is not gone"""
		replace(f'{self.linux}/mm/swap_state.c', '\tin_time();', '\tif (in_time(;')
		self.assertRegex(self.tree(self.linux, '--fixes', env=self.env, status=2),
				 r'mm/swap_state\.c:\d+: this function does not parse')

	def test_lines(self):
		"""behind a fix and a mutant the lines have the numbers of the tree's"""
		self.tree(self.linux, '--fixes', '--mutant', 'late', '--name', NAME, env=self.env)
		copy = text_of(self.path('src/mm/swap_state.c'))
		self.assertIn('{\n\tlate();\n#line 5\n}\n', copy)

	def test_mutant(self):
		"""a mutant is planted; one that is unknown or matches nothing is an error"""
		self.tree(self.linux, '--mutant', 'late', env=self.env)
		self.assertIn('late();', text_of(self.path('src/mm/swap_state.c', NAME + '-late')))
		self.assertIn('there are: late', self.tree(self.linux, '--mutant', 'later', env=self.env, status=2))
		replace(f'{self.linux}/mm/swap_state.c', 'in_time', 'never')
		self.assertIn('matches nothing', self.tree(self.linux, '--mutant', 'late', env=self.env, status=2))


class Lines(unittest.TestCase):
	"""The numbers of lines in a changed file."""

	def number(self, before, after):
		"""What becomes of @after: a line of it is a word."""
		return lines.number(*(text.replace(' ', '\n').encode() for text in (before, after))).decode().replace('\n', ' ')

	def test_numbers(self):
		"""a line that was added has the number of the one before it; the others have their own"""
		self.assertEqual(self.number('a; b; c; ', 'a; b; c; '), 'a; b; c; ')
		self.assertEqual(self.number('a; b; c; ', 'a; x; c; '), 'a; x; c; ')
		self.assertEqual(self.number('a; b; c; ', 'a; x; b; c; '), 'a; #line 1 x; b; c; ')
		self.assertEqual(self.number('a; b; c; ', 'a; c; '), 'a; #line 3 c; ')
		self.assertEqual(self.number('a; b; c; ', 'x; y; z; b; c; '), 'x; #line 1 y; #line 1 z; b; c; ')

	def test_safe(self):
		"""no directive comes between the parentheses of a macro, into a comment, or behind a backslash"""
		self.assertEqual(self.number('a( b) c; d; ', 'a( x, b) c; d; '), 'a( x, b) #line 3 c; d; ')
		self.assertEqual(self.number('a; /*c d*/ e; ', 'a; /*c x d*/ e; '), 'a; /*c x d*/ #line 4 e; ')
		self.assertEqual(self.number('#define\ta\\ b c; ', '#define\ta\\ x\\ b c; '), '#define\ta\\ x\\ b #line 3 c; ')

	def test_conditional(self):
		"""where the compiler may pass over a directive, it is repeated"""
		self.assertEqual(self.number('#ifdef\ta b; #endif c; ', '#ifdef\ta x; b; #endif c; '),
				 '#ifdef\ta #line 1 x; b; #endif #line 4 c; ')

	def test_of_user(self):
		"""what the compiler says of a copy is about the user's file"""
		self.assertEqual(graph.of_user(f'{graph.TOP}: out/tree/no-tree/tree/mm/swap.h:3:1: error'),
				 f'{graph.TOP}: mm/swap.h:3:1: error')


class Graph(Case):
	def owner(self, name):
		"""Whose objects a tree uses."""
		line = next(line for line in text_of(self.path('tree.ninja', name)).splitlines() if line.startswith('owner'))
		return line.rpartition('/')[2]

	def test_sharing(self):
		"""trees with the same headers share objects; those with others do not"""
		self.tree(self.linux)
		patch = os.path.join(self.tmp, 'c.diff')
		self.repository()
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		put(patch, self.git('diff'))
		self.git('reset', '-q', '--hard')
		self.tree(self.linux, '--patch', patch)
		self.assertEqual(self.owner(NAME + '-patched'), NAME)
		self.assertEqual(self.owner(NAME), NAME)
		replace(f'{self.linux}/mm/swap.h', 'int line_0_3;', 'int changed;')
		self.tree(self.linux)
		self.assertEqual(self.owner(NAME + '-patched'), NAME + '-patched')
		self.tree('--again', NAME + '-patched')
		self.assertEqual(self.owner(NAME + '-patched'), NAME)

	def test_geometries(self):
		"""only those that are asked for are in the graph, and a tree shares with one that has them"""
		self.tree(self.linux, '--geometry', '512')
		self.assertEqual(self.manifest()['geometries'], ['512'])
		self.assertTrue(os.path.exists(self.path('ninja/dev-512.ninja')))
		self.assertFalse(os.path.exists(self.path('ninja/dev-8-slab.ninja')))
		self.tree(self.linux, '--name', NAME + '-all')
		self.assertEqual(self.owner(NAME + '-all'), NAME + '-all')
		self.tree(self.linux, '--geometry', '8-page')
		self.assertFalse(os.path.exists(self.path('ninja/dev-512.ninja')))


class Debian(Case):
	"""
	Debian's source. It comes from the cache or the net; in CI (variable CI) it must, elsewhere the
	tests are skipped without it.
	"""
	offline = {name: 'http://127.0.0.1:9' for name in ('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY')}
	reason = None

	@classmethod
	def setUpClass(cls):
		ended = subprocess.run(['scripts/tree', 'debian'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
				       stderr=subprocess.STDOUT, text=True, timeout=1200, check=False)
		cls.said = ended.stdout
		assert 'an error in the script itself' not in ended.stdout, ended.stdout
		if ended.returncode != 0:
			cls.reason = 'no source of Debian: ' + ' '.join(ended.stdout.split())

	def setUp(self):
		if self.reason and os.environ.get('CI'):
			self.fail(self.reason)
		if self.reason:
			self.skipTest(self.reason)
		super().setUp()
		about = self.manifest('debian')['source']
		self.unpacked = f"{debian.cache()}/linux-source-{about['series']}_{about['package']}"
		shutil.rmtree(self.linux)
		shutil.copytree(self.unpacked, self.linux, ignore=shutil.ignore_patterns('.unpacked.json'))

	def test_identical(self):
		"""each file is the package's, byte for byte"""
		manifest = self.manifest('debian')
		self.assertIn("byte for byte the tree's", self.said)
		self.assertIn(manifest['generation'], debian.KNOWN)
		packed = json.loads(text_of(f'{self.unpacked}/.unpacked.json'))['files']
		for path in manifest['files']:
			with open(self.path(f'src/{path}', 'debian'), 'rb') as file:
				self.assertEqual(hashlib.sha256(file.read()).hexdigest(), packed[path])

	def test_offline(self):
		"""what the cache has needs no network; what it does not have is said, and what it has"""
		self.tree('debian', '--name', NAME, env=self.offline)
		self.tree('debian:1.0', '--name', NAME + '-no', env=self.offline, status=2)
		said = self.tree('debian', '--name', NAME + '-no', status=2,
				 env={**self.offline, 'XDG_CACHE_HOME': self.tmp})
		self.assertIn('has nothing of it', said)
		self.assertFalse(os.path.exists(f'{graph.DIRECTORY}/{NAME}-no'))

	def test_damaged(self):
		"""a damaged file of the cache is unpacked again"""
		cache = os.path.join(self.tmp, 'swaphammer')
		copy = os.path.join(cache, os.path.basename(self.unpacked))
		os.makedirs(cache)
		shutil.copytree(self.unpacked, copy)
		replace(f'{copy}/mm/swapfile.c', 'swap', 'swop')
		package = f'{self.unpacked}_all.deb'
		if not os.path.exists(package):
			self.skipTest('the cache has no package, only what was unpacked of it')
		os.symlink(package, os.path.join(cache, os.path.basename(package)))
		self.tree('debian', '--name', NAME, env={**self.offline, 'XDG_CACHE_HOME': self.tmp})
		self.assertEqual(self.manifest()['files'], self.manifest('debian')['files'])

	def change(self):
		"""A change as a developer makes it: two of our files, and one that is not built."""
		for path, old, new in (('mm/swapfile.c', 'int folio_alloc_swap(struct folio *folio)\n{',
					'int folio_alloc_swap(struct folio *folio)\n{\n\tmight_sleep();'),
				       ('mm/swap_state.c', '\tstruct folio *folio;\n', '\tstruct folio *folio = NULL;\n'),
				       ('mm/internal.h', '#include', '#include <linux/swap.h>\n#include')):
			replace(f'{self.linux}/{path}', old, new)

	def test_mailed(self):
		"""a patch as it would be mailed is taken, and so is its worktree: the same copies"""
		self.repository()
		self.change()
		self.git('commit', '-q', '-a', '-m', 'mm: swap: a change')
		patch = os.path.join(self.tmp, self.git('format-patch', '-1', '-o', self.tmp).strip())
		by_patch = self.tree('debian', '--name', NAME + '-mailed', '--patch', patch)
		by_tree = self.tree(self.linux)
		for said in (by_patch, by_tree):
			self.assertRegex(said, r'left out.*: mm/internal\.h')
		self.assertEqual([entry['copy'] for entry in self.manifest()['files'].values()],
				 [entry['copy'] for entry in self.manifest(NAME + '-mailed')['files'].values()])
		self.assertEqual(self.manifest(NAME + '-mailed')['changed'], ['mm/swap_state.c', 'mm/swapfile.c'])

	def ninja(self, *more):
		"""Builds explore."""
		ended = build.ninja([*more, '-f', graph.TOP, f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore'], QUIET)
		self.assertEqual(ended.returncode, 0, ended.stdout)
		return ended

	def edges(self):
		"""What ninja would do for explore."""
		ended = self.ninja('-n')
		return [line.rpartition('] ')[2] for line in ended.stdout.splitlines() if line.startswith('[')]

	def test_edit_and_build(self):
		"""after an edit one file is compiled, and explore linked; without one, nothing"""
		self.tree(self.linux, '--build', 'dev-8-slab')
		self.assertEqual(self.edges(), [])
		self.tree('--again', NAME)
		self.assertEqual(self.edges(), [])
		replace(f'{self.linux}/mm/swapfile.c', '#include', '/* a change */\n#include')
		self.tree('--again', NAME)
		edges = self.edges()
		self.assertEqual(len(edges), 3, edges)
		self.assertRegex(edges[0], 'swapfile')
		self.assertRegex(edges[1], r'libtree-sim\.a')
		self.assertRegex(edges[2], 'explore')
		self.ninja()
		self.assertEqual(self.edges(), [])


class Parts(unittest.TestCase):
	def test_diff(self):
		"""hunks end where they say, whatever follows"""
		text = (b'diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ f\n a\n-b\n+c\n'
			b'-- \n2.39\n\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n')
		files = diff.parse(text, 'p')[0].files
		self.assertEqual([part.path for part in files], ['x', 'y'])
		self.assertEqual(len(files[0].hunks[0]), 4)
		self.assertEqual(files[1].hunks[0][-1], b'\\ No newline at end of file\n')

	def test_diff_of_a_diff(self):
		"""a removed line that looks like a header is a line"""
		text = b'--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n a\n--- b/x\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n'
		files = diff.parse(text, 'p')[0].files
		self.assertEqual([part.path for part in files], ['x', 'y'])
		self.assertEqual(files[0].hunks[0][-1], b'--- b/x\n')

	def test_rename(self):
		"""a rename knows both names"""
		text = b'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n'
		part = diff.parse(text, 'p')[0].files[0]
		self.assertEqual((part.old, part.path), ('x', 'y'))

	def test_version(self):
		"""versions in a Makefile"""
		self.assertEqual(source.version_of(b'VERSION = 7\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n'),
				 '7.4.0-rc2')
		self.assertIsNone(source.version_of(b'all:\n'))

	def test_probe(self):
		"""spaces and comments do not count, words are whole"""
		answer = probe.Answer({'f': b'int  a (\n\tstruct /* x */ b *c); int swap_a;'})
		self.assertTrue(answer.has('f', 'a(struct b *c)'))
		self.assertFalse(answer.has('f', 'x'))
		self.assertFalse(answer.has('f', 'wap_a'))
		self.assertFalse(answer.has('g', 'int'))

	def test_included(self):
		"""what a file includes"""
		self.assertEqual(header.included(b'#include <a/b.h>\n # include "c.h"\n/* #include */\n'),
				 [(False, 'a/b.h'), (True, 'c.h')])

	def test_table(self):
		"""a bad line of the probes has its place"""
		with tempfile.NamedTemporaryFile('w', suffix='.probes') as file:
			file.write('# fine\nneeds x y\n')
			file.flush()
			with self.assertRaisesRegex(start.Trouble, r'probes:2: expected need'):
				probe.Table(file.name)


if __name__ == '__main__':
	tap.main()
