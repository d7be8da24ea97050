#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/tree: patches, fixes and mutants, the lines of a changed file, and what reads a tree."""
import base64
import glob
import os
import tempfile
import unittest

import home		# noqa: F401
from lib import start, tap
from lib.trees import diff, graph, header, lines, probe, source
from tree_case import NAME, Case, text_of, put, replace, begin


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
		self.assertEqual(sorted(os.listdir(self.path('fixed', NAME + '-fixes'))), ['first', 'second'])

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
