#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/test, in a small tree of its own whose test programs are shell scripts: that a test of which
no result was seen fails the run, whatever the reason; what the closing lines count; how it ends.
And what it finds in the real tree.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import home		# noqa: F401
from lib import graph, leftover, results, tap

FINE = 'echo 1..1; echo ok 1 - fine'
ONE, TWO = 'core/a/test/one_test.c', 'fuzz/test/two_test.c'


class Tree(unittest.TestCase):
	"""A tree with two tests in each variant, of two rules, and a script."""

	def setUp(self):
		directory = tempfile.TemporaryDirectory()
		self.addCleanup(directory.cleanup)
		self.top = directory.name
		shutil.copytree('scripts/lib', self.path('scripts/lib'))
		shutil.copy('scripts/test', self.path('scripts'))
		self.plant('scripts/setup', '', mode=0o755)
		self.plant('scripts/tests/script.sh', 'echo ok - script', mode=0o755)
		self.plant(ONE, FINE)
		self.plant(TWO, FINE)
		copy = '  command = cp $in $out && chmod +x $out\n'
		lines = [f'builddir = out\nrule test\n{copy}rule another\n{copy}']
		for variant in graph.VARIANTS:
			if variant in graph.TESTED:
				lines.append(f'build out/{variant}/one: test {ONE}\n'
					     f'build out/{variant}/two: another {TWO}\n'
					     f'build {variant}: phony out/{variant}/one out/{variant}/two\n')
			else:
				lines.append(f'build {variant}: phony scripts/test\n')
		self.write('build.ninja', ''.join(lines))

	def path(self, name):
		"""Where @name is in the tree."""
		return os.path.join(self.top, name)

	def write(self, name, text, mode=0o644):
		"""Makes a file of the tree."""
		os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
		with open(self.path(name), 'w', encoding='utf-8') as file:
			file.write(text)
		os.chmod(self.path(name), mode)

	def plant(self, name, body, mode=0o644):
		"""A test program of the tree: a shell script."""
		self.write(name, f'#!/bin/sh\n{body}\n', mode)

	def edit(self, name, old, new):
		"""Replaces text in a file of the tree."""
		with open(self.path(name), encoding='utf-8') as file:
			text = file.read()
		self.assertIn(old, text)
		with open(self.path(name), 'w', encoding='utf-8') as file:
			file.write(text.replace(old, new))

	def start(self, *arguments, **environment):
		"""Starts scripts/test of the tree. Return: the process."""
		return subprocess.Popen([self.path('scripts/test'), *arguments],
					env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
					stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

	def check(self, status, last, *arguments, says=(), **environment):
		"""Runs it: exit status, last line, and what else must be in the output."""
		with self.start(*arguments, **environment) as process:
			output = process.communicate(timeout=60)[0]
		lines = output.splitlines()
		self.assertEqual((process.returncode, lines[-1] if lines else ''), (status, last), output)
		for line in [says] if isinstance(says, str) else says:
			self.assertIn(line, output)
		return output


class Seen(Tree):
	"""Each test has a result, or the run fails."""

	def test_all(self):
		"""Every test runs in dev, asan and tsan, of whatever rule."""
		output = self.check(0, '8 passed, 0 failed', '--jobs', '3')
		for variant in graph.TESTED:
			self.assertIn(f'- {variant}: one: fine\n', output)
			self.assertIn(f'- {variant}: two: fine\n', output)
		self.assertIn('# test: PASS variants=dev,asan,tsan,fuzz-asan,fuzz-tsan,cov,bench,'
			      'bench-nochecks,fast jobs=3, planned 7 test programs, done 7 in ', output)

	def test_variant_and_pattern(self):
		"""What was asked for is run, and nothing else."""
		self.check(0, '2 passed, 0 failed', '--variant', 'tsan', 'two', says='tsan: two: fine')

	def test_unbuilt(self):
		"""A test that nothing builds fails in each variant, within a pattern, too."""
		self.plant('core/a/test/planted_test.c', FINE)
		says = [f'- {variant}: core/a/test/planted_test.c: no result: nothing builds it'
			for variant in graph.TESTED]
		self.check(1, '8 passed, 3 failed', says=says + ['# test: FAIL'])
		self.check(1, '4 passed, 3 failed', 'planted|one', says=says)

	def test_one_variant_lacks_it(self):
		"""A test that is taken out of a variant fails."""
		self.edit('build.ninja', f'build out/asan/two: another {TWO}\n', '')
		self.edit('build.ninja', ' out/asan/two', '')
		self.check(1, '7 passed, 1 failed', says=f'- asan: {TWO}: no result: nothing builds it')

	def test_in_no_list(self):
		"""A test that is not built, since its variant does not list it, fails."""
		self.edit('build.ninja', ' out/dev/one out/dev/two', ' out/dev/one')
		self.check(1, '7 passed, 2 failed', says='- dev: two: no result')

	def test_left_out_by_hand(self):
		"""A program that is taken out of the script's own list fails."""
		self.edit('scripts/lib/graph.py', "if place and command['file'].endswith('_test.c')",
			  "if place and command['file'].endswith('one_test.c')")
		self.check(1, '5 passed, 3 failed', says=f'- tsan: {TWO}: no result')

	def test_started_and_forgotten(self):
		"""A program whose output is not read fails."""
		self.edit('scripts/lib/test.py', '\t\t\t\tself._report(test)\n',
			  '\t\t\t\ttest.name == "dev: two" or self._report(test)\n')
		self.check(1, '7 passed, 1 failed', says='- dev: two: no result: not run')

	def test_says_nothing(self):
		"""A test without results fails."""
		self.plant(ONE, 'exit 0')
		self.check(1, '5 passed, 6 failed', says=['asan: one: ran no test', 'asan: one: no result'])

	def test_stops_early(self):
		"""A test with fewer results than planned fails."""
		self.plant(ONE, 'echo 1..2; echo ok 1 - fine')
		self.check(1, '8 passed, 3 failed', says='dev: one: ran 1 of 2 tests')

	def test_fails(self):
		"""A test that fails shows its output."""
		self.plant(ONE, 'echo 1..1; echo not ok 1 - wrong; echo why; exit 1')
		self.check(1, '5 passed, 3 failed', says=['- dev: one: wrong\n', '# why\n'])

	def test_crashes(self):
		"""A test that is killed fails, whatever it said before."""
		self.plant(ONE, FINE + '; kill -SEGV $$')
		self.check(1, '8 passed, 3 failed', says='dev: one: killed by SIGSEGV after 1 tests')

	def test_bad_script(self):
		"""A script that cannot be executed fails."""
		os.chmod(self.path('scripts/tests/script.sh'), 0o644)
		self.check(1, '7 passed, 2 failed', says='- script.sh: no result')

	def test_python_script(self):
		"""A script may be Python."""
		self.plant('scripts/tests/some_test.py', 'echo ok - some', mode=0o755)
		self.check(0, '9 passed, 0 failed', says='- some_test.py: some')


class Skips(Tree):
	"""What is skipped has a reason, is counted, and runs somewhere."""

	SKIP = 'echo "# skip: needs the moon"; echo "not ok 2 # SKIP there"'

	def test_counted(self):
		"""A skip has its reason before the closing line, which counts it."""
		self.plant(ONE, f'echo 1..2; {FINE[10:]}; case $0 in out/tsan/*) echo ok 2 - there ;; *) '
			   f'{self.SKIP} ;; esac')
		self.check(0, '9 passed, 0 failed, 2 skipped',
			   says=['# skipped: dev: one: there: needs the moon\n',
				 '# skipped: asan: one: there: needs the moon\n'])

	def test_everywhere(self):
		"""What is skipped in every variant never runs: a failure."""
		self.plant(ONE, f'echo 1..2; {FINE[10:]}; {self.SKIP}')
		self.check(1, '8 passed, 1 failed, 3 skipped', says=f'- {ONE}: there: skipped in every')
		self.check(0, '4 passed, 0 failed, 1 skipped', '--variant', 'dev')

	def test_no_reason(self):
		"""A skip without a reason is a failure."""
		self.plant('scripts/tests/script.sh', 'echo "ok - some # SKIP"', mode=0o755)
		self.check(1, '7 passed, 1 failed', says='- script.sh: some: skipped without a reason')


class Ends(Tree):
	"""What cannot be done is 2, says so, and leaves nothing behind."""

	def test_build_fails(self):
		"""A build that fails is no failed test."""
		self.edit('build.ninja', 'cp $in $out', 'echo no space; false')
		self.check(2, '0 passed, 1 failed', says=['no space', 'not ok 1 - build', '# test: INCOMPLETE'])

	def test_usage(self):
		"""Bad arguments: 2, with a message, and nothing is run."""
		for arguments in (['--jobs', '08'], ['--jobs', '0'], ['--jobs', '-1'], ['--jobs', '+1'],
				  ['--jobs', ' 1'], ['--jobs', '18446744073709551617'], ['--jobs', ''],
				  ['--variant', 'none'], ['--variant', ''], ['--job', '1'], [''], ['('],
				  ['a', 'b'], ['matches-nothing'], ['--variant', 'cov', 'one']):
			with self.start(*arguments) as process:
				output = process.communicate(timeout=60)[0]
			self.assertEqual(process.returncode, 2, (arguments, output))
			self.assertRegex(output, 'error: |test: no test matches', arguments)
		self.assertFalse(os.path.exists(self.path('out/dev')))

	def test_locale(self):
		"""Tests run in the C locale."""
		self.plant(ONE, 'echo 1..1; echo "ok 1 - $LC_ALL $LANGUAGE"')
		self.check(0, '8 passed, 0 failed', LC_ALL='de_DE.UTF-8', LANGUAGE='de',
			   says='- dev: one: C.UTF-8 \n')

	def test_background(self):
		"""Tests get the signals that scripts/test may ignore, as in the background of a shell."""
		self.plant(ONE, "echo 1..1; echo ok 1 - $(awk '/^SigIgn/ { print $2 }' /proc/$$/status)")
		ignored = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
		before = [signal.signal(number, signal.SIG_IGN) for number in ignored]
		try:
			output = self.check(0, '8 passed, 0 failed')
		finally:
			for number, action in zip(ignored, before):
				signal.signal(number, action)
		mask = int(re.search('dev: one: ([0-9a-f]+)\n', output)[1], 16)
		self.assertEqual([number for number in ignored if mask >> number - 1 & 1], [], output)

	def test_list(self):
		"""--list names what would run, and runs nothing."""
		self.plant('core/a/test/planted_test.c', FINE)
		output = self.check(0, f'tsan {TWO} out/tsan/two', '--list')
		self.assertIn('- scripts/tests/script.sh scripts/tests/script.sh\n', output)
		self.assertIn('dev core/a/test/planted_test.c -\n', output)
		self.assertFalse(os.path.exists(self.path('out/dev')))

	def _wait(self, name):
		for _ in range(600):
			if os.path.exists(self.path(name)):
				return
			time.sleep(0.05)
		self.fail(f'{name} does not come')

	def test_signals(self):
		"""SIGINT and SIGTERM end it and all that it started, which sleeps for long; 2, and what was done."""
		sleeper = 'echo 1..1; sleep 4711 & sleep 4712 & echo $! >out/child; : >out/up; wait'
		for number in (signal.SIGINT, signal.SIGTERM):
			self.plant(TWO, f'case $0 in out/tsan/*) {sleeper} ;; *) {FINE} ;; esac')
			with self.start() as process:
				self._wait('out/up')
				process.send_signal(number)
				output = process.communicate(timeout=60)[0]
			self.assertEqual(process.returncode, 2, output)
			self.assertIn(f'# test: not done: {number.name}\n# test: INCOMPLETE', output)
			self.assertRegex(output.splitlines()[-1], '^[1-8] passed, 0 failed$')
			with open(self.path('out/child'), encoding='utf-8') as file:
				child = int(file.read())
			self.assertEqual([], leftover.of([child], 10), output)
			os.unlink(self.path('out/up'))

	def test_failure_wins(self):
		"""Interrupted after a failure: both are said, and the failure is the exit status."""
		self.plant('scripts/tests/script.sh', 'echo not ok - script; exit 1', mode=0o755)
		self.plant(TWO, 'echo 1..1; : >out/up; sleep 4713')
		with self.start('--variant', 'dev') as process:
			while 'not ok' not in process.stdout.readline():
				pass
			self._wait('out/up')
			process.send_signal(signal.SIGTERM)
			output = process.communicate(timeout=60)[0]
		self.assertEqual(process.returncode, 1, output)
		self.assertIn('# test: FAIL, INCOMPLETE', output)

	def test_two_runs(self):
		"""A second run in the same checkout refuses; when the first has ended, it does not."""
		self.plant(TWO, f': >out/up; sleep 4714; {FINE}')
		with self.start() as first:
			self._wait('out/up')
			with self.start() as second:
				output = second.communicate(timeout=60)[0]
			self.assertEqual(second.returncode, 2, output)
			self.assertIn('another test runs in this checkout', output)
			first.send_signal(signal.SIGTERM)
			first.communicate(timeout=60)
		self.plant(TWO, FINE)
		self.check(0, '8 passed, 0 failed')


class Real(unittest.TestCase):
	"""The real tree, and the reading of TAP."""

	def test_every_source(self):
		"""Every *_test.c of the tree is built in dev, asan and tsan."""
		programs = graph.test_programs()
		for source in graph.test_sources():
			for variant in graph.TESTED:
				self.assertIn((variant, source), programs)

	def test_tap(self):
		"""cmocka's TAP, scripts' lines, plans in several parts, text that is neither."""
		read = results.Results('TAP version 13\n1..2\nok 1 - a\nnot ok 2 - b\n# ok\nokay\n'
				       '1..1\n  ok - c\n')
		self.assertEqual((read.passed, read.failed, read.skipped), (['a', 'c'], ['b'], []))

	def test_known(self):
		"""What fails and is known to is no failure; what passes all the same passes."""
		read = results.Results(f'not ok - a {results.KNOWN} flaw b\nok - c {results.KNOWN} d\n1..2\n')
		self.assertEqual((read.passed, read.failed, read.known), ([f'c {results.KNOWN} d'], [], [('a', 'flaw b')]))
		self.assertTrue(read.seen)


if __name__ == '__main__':
	tap.main()
