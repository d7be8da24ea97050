#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Every engine is killed at random moments: no process is left, what was announced is there and whole,
an end that it heard of is told within 2 seconds and is no pass, and the next run works. Moments come
from a seed, how far a run is by then does not. The scripts' share is kill_test.py's.
"""
import os
import random
import re
import signal
import subprocess
import sys
import time
import unittest

import home
from lib import leftover, tap

MOMENTS = 18			# of each engine: with kill_test.py's more than 200
LONGEST = 1.2			# seconds
SOON = 2			# seconds, from the signal to the end
VARIANT = next((v for v in ('dev', 'asan', 'tsan') if os.path.exists(f'out/{v}/explore')), 'dev')
BINARIES = [f'out/{VARIANT}/{name}' for name in ('explore', 'replay', 'shrink', 'play', 'stress')]
LITMUS = 'corpus/litmus'
# Signals with which an engine says so in its last words; libFuzzer has words of its own.
HEARD = (signal.SIGTERM, signal.SIGINT)


@unittest.skipUnless(all(map(os.path.exists, BINARIES)), f'{VARIANT} is not built')
class Killed(home.Scratch):
	def setUp(self):
		super().setUp()
		self.found = os.path.join(self.tmp, 'found')
		self.mark = f'{os.getpid()}-{id(self)}'

	def engine(self, name):
		return f'out/{VARIANT}/{name}'

	def begin(self, words, env=None):
		with open(os.path.join(self.tmp, 'output'), 'wb') as output:
			return subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT,
						stdin=subprocess.DEVNULL, start_new_session=True,
						env={**os.environ, **(env or {}), leftover.MARK: self.mark})

	def output(self):
		with open(os.path.join(self.tmp, 'output'), encoding='utf-8', errors='replace') as file:
			return file.read()

	def none_is_left(self, what):
		self.assertEqual([], leftover.after(self.mark, 5), f'{what}: processes are left')

	def announced(self, what):
		"""Every file that a whole line names is there, and whole."""
		text = self.output()
		names = re.findall(r'^(?: {7}|saved )(/\S+\.prog)(?:  \(there before .*)?$', text[:text.rfind('\n') + 1], re.M)
		for name in names:
			self.assertTrue(os.path.exists(name), f'{what}: {name} was announced and is not there')
		# announced or not: no finding is empty or cut
		for path, _, files in os.walk(self.found):
			for name in files:
				if name.endswith('.prog') and not name.startswith('.'):
					with open(os.path.join(path, name), encoding='utf-8') as file:
						self.assertRegex(file.read(), r'(?s)program 1\n.*\nexpect [A-Z]',
								 f'{what}: {name} is not whole')
		return len(names)

	def kill_all(self, words, says, seed, env=None, statuses=(1, 2), group=False):
		"""
		Kills a command at MOMENTS moments.

		@says: pattern of what it says when it has heard of an end
		@statuses: with which it ends then
		@group: signals go to all of its processes, as a terminal's do
		"""
		rng = random.Random(seed)
		name, announced = os.path.basename(words[0]), 0
		for n in range(MOMENTS):
			number = (signal.SIGKILL, *HEARD)[n % 3]
			moment = rng.uniform(0, LONGEST)
			what = f'{name}, {number.name} after {moment:.3f} s'
			process = self.begin(words, env)
			heard = False
			try:
				process.wait(moment)
			except subprocess.TimeoutExpired:
				began = time.monotonic()
				# one that has not caught signals yet ends without a word
				heard = number in HEARD and self.catches(process.pid, number)
				if group and number in HEARD:
					os.killpg(process.pid, number)
				else:
					process.send_signal(number)
				process.wait(60)
				took = time.monotonic() - began
			self.none_is_left(what)
			announced += self.announced(what)
			if heard:
				self.assertIn(process.returncode, statuses, f'{what}\n{self.output()[-2000:]}')
				self.assertRegex(self.output(), says, what)
				self.slowest = max(self.slowest, took)
		return announced

	slowest = 0

	def catches(self, pid, number):
		"""Does the process, or a thread of it, catch or wait for the signal?"""
		try:
			with open(f'/proc/{pid}/status', encoding='ascii') as file:
				caught = int(re.search(r'^SigCgt:\s*(\w+)', file.read(), re.M).group(1), 16)
		except (OSError, AttributeError):
			return False
		return bool(caught >> (number - 1) & 1)

	def works(self, words, status, env=None):
		process = self.begin(words, env)
		self.assertEqual(status, process.wait(300), self.output()[-2000:])

	def test_explore(self):
		words = [self.engine('explore'), '--jobs', '2', '--keep-going', '--mutant', 'hib-double-dec',
			 '--out', self.found]
		announced = self.kill_all(words, r'(?m)^explore: (INCOMPLETE|FAIL): .*(SIGINT|SIGTERM) after', 1)
		self.assertGreater(announced, 0, 'nothing was announced: the moments are too early')
		self.works([*words, '--schedules', '3000'], 1)
		self.works([self.engine('replay'), *(os.path.join(self.found, name) for name in
			    os.listdir(self.found) if name.endswith('.prog'))], 0)

	def test_explore_in_a_terminal(self):
		words = [self.engine('explore'), '--jobs', '2', '--out', self.found]
		self.kill_all(words, r'(?m)^explore: INCOMPLETE: .*(SIGINT|SIGTERM) after', 2, group=True, statuses=(2,))
		self.works([*words, '--schedules', '100'], 0)

	def test_replay(self):
		words = [self.engine('replay'), '--times', '100000', f'{LITMUS}/alloc-steal.prog',
			 f'{LITMUS}/write-fails.prog']
		self.kill_all(words, r'(?m)^replay: INCOMPLETE: .*(SIGINT|SIGTERM)$', 3, statuses=(2,))
		self.works([words[0], *words[3:]], 0)

	def test_shrink(self):
		self.works([self.engine('explore'), '--quiet', '--mutant', 'seed-v1-b', '--out', self.found], 1)
		big = next(os.path.join(self.found, name) for name in os.listdir(self.found)
			   if name.endswith('.prog'))
		small = os.path.join(self.found, 'small.prog')
		words = [self.engine('shrink'), '--jobs', '2', big, '-o', small]
		self.kill_all(words, r'(?m)^shrink: (INCOMPLETE: )?', 4, statuses=(0, 2))
		self.works([*words, '--max-seconds', '2'], 0)
		self.works([self.engine('replay'), small], 0)

	def test_play(self):
		words = [self.engine('play'), '--times', '100000', f'{LITMUS}/alloc-steal.prog']
		self.kill_all(words, r'(?m)^play: INCOMPLETE: (SIGINT|SIGTERM) in file 1 of 1$', 5, statuses=(2,))
		self.works([words[0], words[3]], 0)

	def test_stress(self):
		report = os.path.join(self.tmp, 'report.json')
		words = [self.engine('stress'), '--seconds', '60', '--report', report]
		self.kill_all(words, r'(?m)^stress: INCOMPLETE: (SIGINT|SIGTERM) after', 6, statuses=(2,))
		self.works([words[0], '--seconds', '0.3'], 0)

	def test_fuzz_program(self):
		target = next((f'out/{v}/fuzz_program' for v in ('fuzz-asan', 'fuzz-tsan')
			       if os.path.exists(f'out/{v}/fuzz_program')), None)
		if not target:
			self.skipTest('no fuzz variant is built')
		corpus = os.path.join(self.tmp, 'corpus')
		os.mkdir(self.found)
		os.mkdir(corpus)
		words = [target, f'-artifact_prefix={self.found}/', corpus]
		env = {'SWAPHAMMER_MUTANT': 'hib-double-dec'}
		self.kill_all([*words, '-fork=2', '-ignore_crashes=1'], '(?s).*', 7, env, statuses=range(256))
		self.kill_all(words, r'(?m)run interrupted|^saved ', 8, env, statuses=(72, 77))
		self.works([*words, '-runs=1000'], 0)

	def test_no_signal_is_ignored(self):
		"""a fuzzer that starts others hears SIGINT at each moment: one that is ignored for some time is lost"""
		target = 'out/fuzz-asan/fuzz_program'
		if not os.path.exists(target):
			self.skipTest('fuzz-asan is not built')
		os.mkdir(self.found)
		process = self.begin([target, f'-artifact_prefix={self.found}/', '-fork=2', '-ignore_crashes=1', self.found])
		ignored, jobs = set(), set()
		until = time.monotonic() + 60
		while len(jobs) < 6 and time.monotonic() < until:
			jobs |= set(leftover.alive(self.mark))
			with open(f'/proc/{process.pid}/status', encoding='ascii') as file:
				ignored.add(int(re.search(r'^SigIgn:\s*(\w+)', file.read(), re.M).group(1), 16))
		process.send_signal(signal.SIGINT)
		self.assertEqual(process.wait(60), 72)
		self.none_is_left('after SIGINT')
		self.assertGreaterEqual(len(jobs), 6, self.output())
		self.assertFalse(any(mask >> (signal.SIGINT - 1) & 1 for mask in ignored))

	def tearDown(self):
		# told, not judged: the machine may have no time for us
		if self.slowest > SOON:
			print(f'# {self.id()}: the slowest end took {self.slowest:.1f} s', file=sys.stderr)


if __name__ == '__main__':
	tap.main()
