#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What holds for every script: bad usage is 2 with a message, a signal ends it with INCOMPLETE."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import home
from lib import job, leftover, minimize, soak, start, stress, tap
from lib.progress import Progress

NUMBERS = {'hunt': ('--seed', '--threads', '--minutes'), 'fuzz': ('--jobs', '--minutes'),
	   'soak': ('--seeds', '--seconds', '--threads', '--first'),
	   'bench': ('--seconds', '--runs', '--schedules', '--jobs'),
	   'mutation': ('--sample', '--seed', '--seconds'), 'nightly': ('--hours', '--seed', '--keep', '--disk')}
SCRIPTS = ('hunt', 'nightly', 'findings', 'fuzz', 'soak', 'bench', 'coverage', 'minimize',
	   'mutation')
BAD = ('', ' ', '08', '+1', '-1', ' 1', '1 ', '1e3', '0x10', '1,5', 'x', '18446744073709551616', '9' * 100)


class Usage(unittest.TestCase):
	def refused(self, *words):
		ended = subprocess.run([f'scripts/{words[0]}', *words[1:]], stdin=subprocess.DEVNULL,
				       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
				       env={**os.environ, 'LC_ALL': 'de_DE.UTF-8'})
		text = ended.stdout.decode()
		with self.subTest(words=words):
			self.assertEqual(2, ended.returncode, text)
			self.assertRegex(text, rf'(?s)usage: scripts/{words[0]} .*scripts/{words[0]}: error: ')

	def test_numbers(self):
		for script, names in NUMBERS.items():
			for n, bad in enumerate(BAD):
				self.refused(script, names[n % len(names)], bad)

	def test_words(self):
		for words in (['--nosuch'], ['--nosuch=1'], [''], ['/no/such/thing'], ['--help=1']):
			for script in SCRIPTS:
				self.refused(script, *words)
		self.refused('soak', '--workload', '')
		self.refused('bench', '--mutant', '')
		self.refused('bench', '--mutant', 'free-twic')
		self.refused('bench', '--variant', 'cov')
		self.refused('minimize', '--out', '/dev/full')
		self.refused('coverage', '/dev/null')

	def test_help(self):
		for script in SCRIPTS:
			text = subprocess.run([f'scripts/{script}', '--help'], capture_output=True, check=True).stdout
			self.assertIn(f'usage: scripts/{script}'.encode(), text)


class Soak(unittest.TestCase):
	"""Soak's verdicts, with runs that do as a test says."""

	def soak(self, outcome):
		args = soak.parse(['--seeds', '1', '--seconds', '0.1'])
		real, out = (stress.Run.run, job.output), open(os.devnull, 'w', encoding='ascii')
		stress.Run.run = outcome
		job.output = lambda argv: 'mixed  all\n'
		try:
			return soak.soak(args, soak.configurations(args, None), Progress('soak', stream=out), 'out/none')
		finally:
			stress.Run.run, job.output = real
			out.close()

	def test_verdicts(self):
		def passes(run, _tick):
			run.report = {'operations': 1}

		def fails(run, _tick):
			run.failure = 'INV-X1' if 'asan' in run.log else None

		def dies(run, _tick):
			run.trouble = 'killed by SIGKILL' if '512' in run.log else None

		self.assertEqual(('PASS', 0), (self.soak(passes).word, self.soak(passes).status))
		self.assertEqual(4, len(self.soak(fails).failures))
		self.assertEqual(1, self.soak(fails).status)
		self.assertEqual(4, len(self.soak(dies).reasons))
		self.assertEqual(2, self.soak(dies).status)

	def test_unknown_workload(self):
		args = soak.parse(['--workload', 'mixd'])
		real, job.output = job.output, lambda argv: 'mixed  all\n'
		try:
			with self.assertRaisesRegex(start.Trouble, "no workload 'mixd'; near: mixed"):
				soak.soak(args, soak.configurations(args, None), None, 'out/none')
		finally:
			job.output = real


class Seeds(unittest.TestCase):
	def test_replace(self):
		"""the new programs take the place of the old ones, other files stay"""
		with tempfile.TemporaryDirectory() as tmp:
			out, new = os.path.join(tmp, 'out'), os.path.join(tmp, 'new')
			for path, names in ((out, ('old.prog', 'both.prog', 'README.md')), (new, ('both.prog', 'new.prog'))):
				os.mkdir(path)
				for name in names:
					with open(os.path.join(path, name), 'w', encoding='ascii') as file:
						file.write(path)
			self.assertEqual((2, 2), minimize.replace(out, new))
			self.assertEqual(['README.md', 'both.prog', 'new.prog'], sorted(os.listdir(out)))
			with open(os.path.join(out, 'both.prog'), encoding='ascii') as file:
				self.assertEqual(new, file.read())

	def test_nothing_is_no_set(self):
		with tempfile.TemporaryDirectory() as tmp, self.assertRaises(start.Trouble):
			minimize.replace(os.path.join(tmp, 'out'), tmp)


class Ending(unittest.TestCase):
	"""A script whose work is in shell: a signal ends that, too."""

	BODY = """
import sys
sys.path.insert(0, 'scripts')
from lib import bench, build, coverage, start
build.build = lambda targets, progress: None
build.setup = lambda: None
start.leave(start.guard(dict(bench=bench.main, coverage=coverage.main)[sys.argv[1]], sys.argv[2:], sys.argv[1]))
"""

	def test_signals(self):
		with tempfile.TemporaryDirectory() as tmp:
			os.makedirs(f'{tmp}/scripts/bench.d')
			os.makedirs(f'{tmp}/out')
			for name in ('core', 'corpus'):		# which geometries trees have, which programs there are
				os.symlink(f'{home.TOP}/{name}', f'{tmp}/{name}')
			os.makedirs(f'{tmp}/scripts/lib')
			for name in os.listdir('scripts/lib'):
				if not name.endswith('.sh'):
					os.symlink(f'{home.TOP}/scripts/lib/{name}', f'{tmp}/scripts/lib/{name}')
			for name in ('bench', 'coverage'):
				with open(f'{tmp}/scripts/lib/{name}.sh', 'w', encoding='ascii') as file:
					file.write('#!/bin/bash\ntrap "" TERM\nsleep 1000 & echo $! $$ >pids; wait; wait\n')
				os.chmod(f'{tmp}/scripts/lib/{name}.sh', 0o755)
			with open(f'{tmp}/scripts/bench.d/ops', 'w', encoding='ascii') as file:
				file.write('#\n# what\n')
			for words in (['bench', 'ops'], ['coverage']):
				with self.subTest(script=words[0]):
					self.end(tmp, words)

	def end(self, tmp, words):
		with subprocess.Popen([sys.executable, '-c', self.BODY, *words], cwd=tmp, stdout=subprocess.PIPE,
				      stderr=subprocess.STDOUT) as process:
			until = time.monotonic() + 30
			while not os.path.exists(f'{tmp}/pids') and time.monotonic() < until and process.poll() is None:
				time.sleep(0.02)
			process.send_signal(signal.SIGTERM)
			text = process.communicate()[0].decode()
		self.assertEqual(2, process.returncode, text)
		self.assertRegex(text, rf'\n{words[0]}: INCOMPLETE')
		with open(f'{tmp}/pids', encoding='ascii') as file:
			self.assertEqual([], leftover.of(file.read().split(), 10), 'processes are left')
		os.unlink(f'{tmp}/pids')


if __name__ == '__main__':
	tap.main()
