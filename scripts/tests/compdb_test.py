#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/compdb: each source once, compiled as said, for the right machine; git ignores it."""
import collections
import json
import os
import subprocess
import tempfile
import unittest

import home		# noqa: F401
from lib import tap


class Compdb(unittest.TestCase):
	"""The file that it writes."""

	@classmethod
	def setUpClass(cls):
		with tempfile.TemporaryDirectory() as directory:
			file = os.path.join(directory, 'compile_commands.json')
			subprocess.run(['scripts/compdb', '-o', file], check=True, capture_output=True)
			with open(file, encoding='utf-8') as opened:
				cls.entries = json.load(opened)
		cls.of = {entry['file']: entry for entry in cls.entries}

	def test_once(self):
		"""Each source has one entry, but those that are built with a kernel tree only."""
		count = collections.Counter(entry['file'] for entry in self.entries)
		for top in ('core', 'fuzz', 'stress', 'util'):
			for where, directories, names in os.walk(top):
				if where == 'core':
					directories.remove('linux')
				for name in names:
					if name.endswith('.c'):
						path = os.path.join(where, name)
						self.assertEqual(count[path], 1, path)

	def test_machine(self):
		"""What both machines have is compiled for the controlled one, in dev."""
		for file in ('core/swap/table.c', 'fuzz/run/exec.c', 'core/machine/choice.c'):
			self.assertIn('-Icore/sim/include', self.of[file]['arguments'])
			self.assertNotIn('-fsanitize=thread', self.of[file]['arguments'])
		self.assertIn('-Icore/native/include', self.of['core/native/task.c']['arguments'])

	def test_compiles(self):
		"""What it says compiles: sources, tests, a source that dev does not have."""
		for file in ('core/swap/table.c', 'fuzz/run/exec.c', 'core/swap/test/mutant_test.c',
			     'fuzz/test/pairs_test.c', 'fuzz/libfuzzer/libfuzzer.c'):
			entry = self.of[file]
			self.assertNotIn('ccache', entry['arguments'][0])
			ended = subprocess.run([*entry['arguments'], '-fsyntax-only'], cwd=entry['directory'],
					       capture_output=True, text=True, check=False)
			self.assertEqual((ended.returncode, ended.stderr), (0, ''), file)

	def test_ignored(self):
		"""git ignores it."""
		if not os.path.exists('.git'):
			self.skipTest('no git checkout')
		subprocess.run(['git', 'check-ignore', '-q', 'compile_commands.json'], check=True)


if __name__ == '__main__':
	tap.main()
