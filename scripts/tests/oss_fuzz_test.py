#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
oss-fuzz/build.sh in an environment like that of OSS-Fuzz's base-builder: its copy is run from another
directory, with their compiler flags, and what it leaves in $OUT works alone, without this checkout.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

import home		# noqa: F401
from lib import tap

FLAGS = '-O1 -fno-omit-frame-pointer -gline-tables-only -Wno-error=incompatible-pointer-types ' \
	'-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION -fsanitize=address -fsanitize-address-use-after-scope ' \
	'-fsanitize=fuzzer-no-link'
TARGETS = ('fuzz_program', 'fuzz_model', 'fuzz_parse')


def compiler():
	"""The one that scripts/setup chose."""
	with open('out/toolchain.ninja', encoding='utf-8') as file:
		return re.search(r'^cc = (.*)$', file.read(), re.M).group(1)


@unittest.skipUnless(os.path.exists('out/toolchain.ninja'), 'scripts/setup has not run')
class OssFuzz(unittest.TestCase):
	@classmethod
	def setUpClass(cls):
		directory = tempfile.TemporaryDirectory()
		cls.addClassCleanup(directory.cleanup)
		cls.tmp = directory.name
		cls.out = os.path.join(cls.tmp, 'out')
		cls.ended = cls.build(FLAGS)

	@classmethod
	def build(cls, flags):
		"""As their compile script does it."""
		script = shutil.copy('oss-fuzz/build.sh', cls.tmp)
		return subprocess.run(['bash', '-eu', script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
				      env={**os.environ, 'CC': compiler(), 'CFLAGS': flags, 'SRC': cls.tmp, 'OUT': cls.out,
					   'WORK': cls.tmp, 'SANITIZER': 'address', 'LIB_FUZZING_ENGINE': '-fsanitize=fuzzer'})

	def run_target(self, name, *words, **env):
		"""Runs a target in a directory of its own, on its seeds."""
		with tempfile.TemporaryDirectory() as corpus:
			with zipfile.ZipFile(f'{self.out}/{name}_seed_corpus.zip') as seeds:
				seeds.extractall(corpus)
			return subprocess.run([f'{self.out}/{name}', f'-artifact_prefix={self.tmp}/', f'-dict={self.out}/{name}.dict',
					       *words, corpus], cwd=self.tmp, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
					      errors='replace', check=False, env={**os.environ, **env})

	def test_builds(self):
		"""each target, with seeds, dictionary and options"""
		self.assertEqual(self.ended.returncode, 0, self.ended.stdout[-3000:])
		self.assertEqual(sorted(os.listdir(self.out)), sorted(name + end for name in TARGETS
				 for end in ('', '.dict', '.options', '_seed_corpus.zip')))

	def test_runs(self):
		"""each runs without a failure on its seeds, and has the sanitizer"""
		for name in TARGETS:
			with self.subTest(name):
				ended = self.run_target(name, '-runs=300', '-seed=1')
				self.assertEqual(ended.returncode, 0, ended.stdout[-3000:])
				with open(f'{self.out}/{name}', 'rb') as file:
					self.assertIn(b'__asan_init', file.read())

	def test_finds(self):
		"""a known bug is found, and leaves an artifact"""
		ended = self.run_target('fuzz_program', '-runs=100000', '-seed=1', SWAPHAMMER_MUTANT='hib-double-dec')
		self.assertEqual(ended.returncode, 77, ended.stdout[-3000:])
		self.assertTrue(glob.glob(f'{self.tmp}/crash-*') or 'saved' in ended.stdout)

	def test_refused(self):
		"""a sanitizer that the harness does without is refused in words"""
		ended = self.build('-fsanitize=memory')
		self.assertEqual(ended.returncode, 2)
		self.assertIn('address and undefined only', ended.stdout)


if __name__ == '__main__':
	tap.main()
