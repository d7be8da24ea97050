#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A fuzzer's corpus is made smaller when it has grown (scripts/lib/corpora.py), and loses nothing."""
import io
import os
import re
import shutil
import subprocess
import unittest

import home
from lib import corpora, progress, tap

FUZZER, SEED = 'out/fuzz-asan/fuzz_program', 'out/dev/seed'


@unittest.skipUnless(os.path.exists(FUZZER) and os.path.exists(SEED), 'out/fuzz-asan or out/dev is not built')
class Corpora(home.Scratch):
	"""With the real fuzzer."""

	def setUp(self):
		super().setUp()
		self.corpus = os.path.join(self.tmp, 'corpus')
		self.few, corpora.FEW = corpora.FEW, 20
		self.said = io.StringIO()

	def tearDown(self):
		corpora.FEW = self.few

	def generate(self, last):
		"""So many programs, each twice: the second copy reaches nothing new."""
		subprocess.run([SEED, '--generate', f'1..{last}', '-o', self.corpus], check=True)
		for name in os.listdir(self.corpus):
			shutil.copyfile(os.path.join(self.corpus, name), os.path.join(self.corpus, f'again-{name}'))

	def minimise(self, binary=FUZZER):
		"""As scripts/fuzz does."""
		return corpora.minimise(binary, self.corpus, self.tmp, progress.Progress('test', stream=self.said))

	def features(self):
		"""What libFuzzer counts of the corpus."""
		ended = subprocess.run([FUZZER, '-runs=0', self.corpus], capture_output=True, text=True, check=True)
		return max(int(n) for n in re.findall(r' ft: (\d+)', ended.stderr))

	def test_grown(self):
		"""what reaches nothing new goes, and all is reached that was"""
		self.generate(40)
		before, number = self.features(), len(os.listdir(self.corpus))
		self.assertTrue(self.minimise(), self.said.getvalue())
		self.assertLess(len(os.listdir(self.corpus)), number / 2 + 1)
		self.assertGreaterEqual(self.features(), before * 0.98)
		self.assertFalse(self.minimise(), 'once more without having grown')

	def test_small(self):
		"""a small one is left alone"""
		self.generate(10)
		number = len(os.listdir(self.corpus))
		self.assertFalse(self.minimise())
		self.assertEqual(number, len(os.listdir(self.corpus)))

	def test_fails(self):
		"""one that cannot be merged stays as it is"""
		self.generate(40)
		names = sorted(os.listdir(self.corpus))
		self.assertFalse(self.minimise('/bin/false'))
		self.assertEqual(names, sorted(os.listdir(self.corpus)))
		self.assertIn('stays as it is', self.said.getvalue())

	def test_failing_input(self):
		"""an input that fails is not lost by a merge"""
		self.generate(40)
		regress = 'corpus/regress/hib-double-dec.prog'
		shutil.copyfile(regress, os.path.join(self.corpus, 'fails'))
		self.assertFalse(self.minimise(), self.said.getvalue())
		self.assertTrue(os.path.exists(os.path.join(self.corpus, 'fails')))


if __name__ == '__main__':
	tap.main()
