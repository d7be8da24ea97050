#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/hunt and scripts/fuzz are killed at random moments, with the real engines: no process is
left, what was announced is there and whole, and the next run works. Moments come from a seed, how
far a run is by then does not.
"""
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, os.path.join(TOP, 'scripts'))
sys.dont_write_bytecode = True
from lib import tap		# noqa: E402

MOMENTS = 30		# of each script
NEEDED = ('out/asan/stress', 'out/asan/explore', 'out/fuzz-asan/fuzz_program')
MARK = 'SWAPHAMMER_KILL_TEST'
# A script in a checkout of its own: the engines are there, nothing is built.
DRIVER = f"""
import sys
sys.path.insert(0, {TOP + '/scripts'!r})
sys.dont_write_bytecode = True
from lib import start
print('begins', flush=True)
from lib import build, fuzz, hunt, target
class Small(target.Core):
	engines = ('asan',)
	fuzzers = (('fuzz-asan', 'fuzz_program'),)
build.build = lambda targets, progress: None
run = dict(hunt=lambda argv: hunt.hunt(lambda progress: Small(), hunt.parse(argv)), fuzz=fuzz.main)[sys.argv[1]]
start.leave(start.guard(run, sys.argv[2:], sys.argv[1]))
"""


def marked(mark):
	"""The processes, of those that run, that were started by a test with this mark."""
	found = []
	for pid in filter(str.isdigit, os.listdir('/proc')):
		try:
			with open(f'/proc/{pid}/environ', 'rb') as file:
				mine = f'{MARK}={mark}\0'.encode() in file.read()
			with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
				mine &= file.read().rpartition(')')[2].split()[0] not in 'ZX'
		except OSError:
			continue
		if mine:
			found.append(pid)
	return found


@unittest.skipUnless(all(map(os.path.exists, NEEDED)), 'asan or fuzz-asan is not built')
class Killed(unittest.TestCase):
	def setUp(self):
		directory = tempfile.TemporaryDirectory()
		self.addCleanup(directory.cleanup)
		self.tmp = directory.name
		self.mark = f'{os.getpid()}-{id(self)}'
		os.mkdir(self.path('out'))
		for name in ('corpus', 'fuzz', 'core', 'out/asan', 'out/fuzz-asan'):
			os.symlink(os.path.join(TOP, name), self.path(name))

	def path(self, name):
		return os.path.join(self.tmp, name)

	def begin(self, words):
		"""Starts a script, and waits until Python itself has started."""
		with open(self.path('output'), 'wb') as output:
			process = subprocess.Popen(
				[sys.executable, '-c', DRIVER, *words], cwd=self.tmp, stdout=output,
				stderr=subprocess.STDOUT,
				env={**os.environ, MARK: self.mark, 'SWAPHAMMER_MUTANT': 'hib-double-dec'})
		while 'begins' not in self.output() and process.poll() is None:
			time.sleep(0.005)
		return process

	def output(self):
		with open(self.path('output'), encoding='utf-8', errors='replace') as file:
			return file.read()

	def all_gone(self, what):
		"""All processes have ended; a killed one may need a moment to be gone."""
		until = time.monotonic() + 10
		while (left := marked(self.mark)) and time.monotonic() < until:
			time.sleep(0.02)
		commands = []
		for pid in left:
			with open(f'/proc/{pid}/cmdline', 'rb') as file:
				commands.append(file.read().replace(b'\0', b' ')[:200])
		self.assertEqual([], commands, f'{what}: processes are left')

	def announced(self, what):
		"""Every file that a log or a terminal names as saved is there, and whole."""
		texts = [self.output()]
		for path, _, names in os.walk(self.path('out'), followlinks=False):
			for name in names:
				if name.endswith('.log'):
					with open(os.path.join(path, name), encoding='utf-8', errors='replace') as file:
						texts.append(file.read())
		found = set()
		for text in texts:
			whole = text[:text.rfind('\n') + 1]
			found |= set(re.findall(r'^saved (\S+)$|^ {7}(out/findings/\S+\.prog)$', whole, re.M))
		found = {one or two for one, two in found}
		for name in found:
			self.assertTrue(os.path.exists(self.path(name)), f'{what}: {name} was announced and is not there')
			with open(self.path(name), encoding='utf-8') as file:
				text = file.read()
			self.assertRegex(text, r'(?s)^program 1\n.*\nexpect [A-Z]', f'{what}: {name} is not whole')
		return len(found)

	def verdicts(self, what):
		"""A verdict that is there is whole; the link to the latest run leads somewhere."""
		parent = self.path('out/hunt')
		for path, _, names in os.walk(parent):
			if 'verdict' in names:
				with open(os.path.join(path, 'verdict'), encoding='utf-8') as file:
					self.assertRegex(file.read(), r'\nhunt: \w+.* done .*\n$', what)
		if os.path.lexists(os.path.join(parent, 'latest')):
			self.assertTrue(os.path.exists(os.path.join(parent, 'latest')), what)

	def kill_all(self, words, longest, seed):
		rng = random.Random(seed)
		name, announced = words[0], 0
		for n in range(MOMENTS):
			number = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[n % 3]
			moment = rng.uniform(0, longest)
			what = f'{name}, {number.name} after {moment:.3f} s'
			process = self.begin(words)
			try:
				process.wait(moment)
				what = f'{name}, ended before {moment:.3f} s'
			except subprocess.TimeoutExpired:
				process.send_signal(number)
				process.wait()
			text = self.output()
			self.all_gone(what)
			announced += self.announced(what)
			self.verdicts(what)
			if number != signal.SIGKILL and text != 'begins\n' and 'ended' not in what:
				self.assertIn(process.returncode, (1, 2), f'{what}\n{text}')
				self.assertRegex(text.strip().splitlines()[-1], f'^{name}: (FAIL|INCOMPLETE)', what)
				if process.returncode == 1:
					self.assertIn(f'\n{name}: failed: ', text, what)
		process = self.begin(words)
		process.wait()
		self.all_gone('the next run')
		self.assertEqual(1, process.returncode, self.output())
		self.assertRegex(self.output(), rf'\n{name}: FAIL ')
		announced += self.announced('the next run')
		self.assertGreater(announced, 0, 'nothing was announced in all runs')

	def test_fuzz(self):
		self.kill_all(['fuzz', '--keep-going', '--minutes', '0.04', '--jobs', '2'], 2.5, 1)

	def test_hunt(self):
		self.kill_all(['hunt', '--minutes', '0.05', '--seed', '7'], 6, 2)


if __name__ == '__main__':
	tap.main()
