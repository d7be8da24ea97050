#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
What --help, the manual pages and completion say is so: examples use options, files and known bugs
that exist, each program has its page, and completion offers what the programs have.
"""
import glob
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import home		# noqa: F401
from lib import bench, options, tap


def programs():
	"""Name -> what it does."""
	with open(options.HELP, encoding='utf-8') as file:
		return dict(re.findall(r'^PROGRAM\((\w+), "([^"]*)"\)$', file.read(), re.M))


def path_of(name):
	"""Where a program or script is."""
	return f'scripts/{name}' if os.path.exists(f'scripts/{name}') else f'out/dev/{name}'


def said(words, **more):
	"""What a command prints."""
	return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, **more).stdout


if os.environ.get('CI'):
	subprocess.run(['scripts/setup', 'man'], check=True)


@unittest.skipUnless(all(os.path.exists(path_of(name)) for name in programs()), 'dev is not built')
class Help(unittest.TestCase):
	def test_examples(self):
		"""an example is shown, and its options, files and known bugs exist"""
		for name, command, text in options.examples():
			with self.subTest(command):
				words = command.split()
				self.assertEqual(words[0], path_of(name))
				shown = said([words[0], '--help'])
				self.assertIn(command, shown)
				self.assertIn(text, ' '.join(shown.split()))
				usage = shown[:shown.lower().index('\nexamples:')]
				for word in words[1:]:
					if word.startswith('-'):
						self.assertRegex(usage, rf'(?m)(^|[ ,[]){re.escape(word.partition("=")[0])}\b')
					if word.startswith('corpus/'):
						self.assertTrue(glob.glob(word) and all(map(os.path.isfile, glob.glob(word))), word)
				for known in re.findall(r'--mutant (\S+)', command):
					self.assertIn(known, bench.mutants())

	def test_every_script(self):
		"""each script that is for users, and each program that is built for them, has a line and examples or words of its own"""
		scripts = {os.path.basename(path) for path in glob.glob('scripts/*') if os.access(path, os.X_OK) and os.path.isfile(path)}
		named = set(programs())
		self.assertEqual(scripts - named - {'setup', 'tidy', 'man'}, set())
		for name in named:
			self.assertRegex(said([path_of(name), '--help']).lower(), r'(?m)^examples:', name)

	def test_manual(self):
		"""a page for each, which names what it does and its options"""
		if not shutil.which('help2man') and not os.environ.get('CI'):
			self.skipTest('help2man is not installed')
		with tempfile.TemporaryDirectory() as out:
			ended = subprocess.run(['scripts/man', out], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
					       check=False)
			self.assertEqual(ended.returncode, 0, ended.stdout)
			for name, what in programs().items():
				with open(f'{out}/swaphammer-{name}.1', encoding='utf-8') as file:
					text = file.read().replace('\\-', '-')
				self.assertIn(f'{name} - {what}', text)
				self.assertIn('--', text)

	def complete(self, shell, *words):
		"""What the last word can become."""
		script = f'''. scripts/completion.bash
			[ -z "$ZSH_VERSION" ] || emulate ksh		# as bashcompinit does
			COMP_WORDS=({' '.join(map(repr, words))}) COMP_CWORD={len(words) - 1}
			_swaphammer; printf '%s\\n' "${{COMPREPLY[@]}}"'''
		return said([shell, '-c', script]).split()

	def test_completion(self):
		"""options, mutants, strategies, workloads, the values behind = too"""
		explore = path_of('explore')
		self.assertEqual(self.complete('bash', explore, '--per'), ['--per-program'])
		self.assertIn('--minutes', self.complete('bash', 'scripts/hunt', '--'))
		self.assertEqual(set(self.complete('bash', explore, '--mutant', 'upstream-')),
				 {name for name in bench.mutants() if name.startswith('upstream-')})
		self.assertEqual(self.complete('bash', explore, '--strategy', '=', 'portf'), ['portfolio'])
		self.assertIn('mixed', self.complete('bash', path_of('stress'), '--workload', ''))
		self.assertIn('corpus', self.complete('bash', explore, 'corp'))
		self.assertEqual(self.complete('bash', explore, '--nosuch'), [])

	def test_completion_zsh(self):
		"""the same in zsh, which picks those that fit itself, for each name"""
		if not shutil.which('zsh') and not os.environ.get('CI'):
			self.skipTest('zsh is not installed')
		self.assertIn('portfolio', self.complete('zsh', path_of('explore'), '--strategy', 'portf'))
		self.assertIn('_bash_complete', said(['zsh', '-c', '. scripts/completion.bash; echo ${_comps[explore]}']))


class Hacking(unittest.TestCase):
	def test_commands(self):
		"""the tests that HACKING.md names exist"""
		with open('HACKING.md', encoding='utf-8') as file:
			text = file.read()
		commands = re.findall(r'scripts/test [^`]*', text)
		self.assertTrue(commands)
		for command in commands:
			pattern = shlex.split(command)[1]
			listed = said(['scripts/test', '--list', *shlex.split(command)[1:]])
			for word in pattern.split('|'):
				self.assertIn(word, listed, command)
		for program in re.findall(r'&& (out/dev/\w+)', text):
			self.assertIn(program, said(['scripts/test', '--list', os.path.basename(program)]))
		for path, name in re.findall(r'python3 (\S+) \w+\.(\w+)', text):
			with open(path, encoding='utf-8') as file:
				self.assertIn(f'def {name}(', file.read())


if __name__ == '__main__':
	tap.main()
