#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Every script that starts engines is killed at random moments, with the real engines: no process is
left, what was announced is there and whole, and the next run works. Moments come from a seed, how
far a run is by then does not.
"""
import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

import home
from lib import leftover, tap

NEEDED = ('out/asan/stress', 'out/asan/explore', 'out/fuzz-asan/fuzz_program', 'out/dev/seed', 'out/dev/replay')
# A script in a checkout of its own: the engines are there, nothing is built.
DRIVER = f"""
import sys
sys.path.insert(0, {home.TOP + '/scripts'!r})
sys.dont_write_bytecode = True
from lib import start
print('begins', flush=True)
from lib import bench, build, coverage, fuzz, hunt, minimize, soak, target
class Small(target.Core):
	engines = ('asan',)
	fuzzers = (('fuzz-asan', 'fuzz_program'),)
build.build = lambda targets, progress, **more: None
build.setup = lambda: None
soak.ENGINES = ('asan',)
run = dict(hunt=lambda argv: hunt.hunt(lambda progress: Small(), hunt.parse(argv)), fuzz=fuzz.main, soak=soak.main,
	   minimize=minimize.main, bench=bench.main, coverage=coverage.main)[sys.argv[1]]
start.leave(start.guard(run, sys.argv[2:], sys.argv[1]))
"""


@unittest.skipUnless(all(map(os.path.exists, NEEDED)), 'asan or fuzz-asan is not built')
class Killed(home.Scratch):
	def setUp(self):
		super().setUp()
		self.mark = f'{os.getpid()}-{id(self)}'
		os.mkdir(self.path('out'))
		for name in ('corpus', 'fuzz', 'core', 'scripts', 'out/asan', 'out/fuzz-asan', 'out/dev',
			     'out/toolchain.ninja'):
			os.symlink(os.path.join(home.TOP, name), self.path(name))
		os.mkdir(self.path('bin'))
		os.symlink('/bin/true', self.path('bin/ninja'))		# nothing is built

	def begin(self, words):
		"""Starts a script, and waits until Python itself has started."""
		with open(self.path('output'), 'wb') as output:
			process = subprocess.Popen(
				[sys.executable, '-c', DRIVER, *words], cwd=self.tmp, stdout=output,
				stderr=subprocess.STDOUT,
				env={**os.environ, leftover.MARK: self.mark, 'SWAPHAMMER_MUTANT': 'hib-double-dec',
				     'PATH': f"{self.path('bin')}:{os.environ['PATH']}"})
		while 'begins' not in self.output() and process.poll() is None:
			time.sleep(0.005)
		return process

	def output(self):
		with open(self.path('output'), encoding='utf-8', errors='replace') as file:
			return file.read()

	def all_gone(self, what):
		self.assertEqual([], leftover.after(self.mark, 10), f'{what}: processes are left')

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

	def kill_all(self, words, moments, longest, seed, status=1):
		"""
		Kills a script at random moments, then lets it run.

		@moments: how many, each up to @longest seconds after its begin
		@status: with which the last run ends

		Return: how many files were announced.
		"""
		rng = random.Random(seed)
		name, announced = words[0], 0
		for n in range(moments):
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
			ended = 'ended' in what or f'\n{name}: PASS ' in text		# it came after the verdict
			if number != signal.SIGKILL and text != 'begins\n' and not ended:
				self.assertIn(process.returncode, (1, 2), f'{what}\n{text}')
				self.assertRegex(text.strip().splitlines()[-1], f'^{name}: (FAIL|INCOMPLETE)', what)
				if process.returncode == 1:
					self.assertIn(f'\n{name}: failed: ', text, what)
		process = self.begin(words)
		process.wait()
		self.all_gone('the next run')
		self.assertEqual(status, process.returncode, self.output())
		self.assertRegex(self.output(), rf"\n{name}: {('PASS', 'FAIL', 'INCOMPLETE')[status]}")
		return announced + self.announced('the next run')

	def test_fuzz(self):
		"""scripts/fuzz"""
		announced = self.kill_all(['fuzz', '--keep-going', '--minutes', '0.04', '--jobs', '2'], 24, 2.5, 1)
		self.assertGreater(announced, 0)

	def test_hunt(self):
		"""scripts/hunt"""
		self.assertGreater(self.kill_all(['hunt', '--minutes', '0.05', '--seed', '7'], 24, 6, 2), 0)

	def test_soak(self):
		"""scripts/soak"""
		self.kill_all(['soak', '--seeds', '1', '--seconds', '0.5'], 12, 3, 3, status=0)

	def test_minimize(self):
		"""scripts/minimize: seeds are the old ones, the new ones, or both; each is whole"""
		sources = sorted(glob.glob(f'{home.TOP}/corpus/seeds/*.prog'))[:6]
		for name in ('from', 'seeds'):
			os.mkdir(self.path(name))
			for path in sources:
				shutil.copy(path, self.path(name))
		self.kill_all(['minimize', 'from', '--out', 'seeds'], 12, 4, 4, status=0)
		seeds = glob.glob(self.path('seeds/*.prog'))
		self.assertTrue(seeds)
		ended = subprocess.run([f'{home.TOP}/out/dev/replay', *seeds], stdout=subprocess.PIPE, text=True, check=False)
		self.assertEqual(ended.returncode, 0, ended.stdout)

	def test_bench(self):
		"""scripts/bench"""
		self.kill_all(['bench', 'explore', '--variant', 'asan', '--mutant', 'hib-double-dec', '--runs', '3'], 12, 3, 5,
			      status=0)

	def test_coverage(self):
		"""scripts/coverage; what is not built for coverage leaves no profile"""
		os.mkdir(self.path('out/cov'))
		os.symlink(f'{home.TOP}/out/dev/replay', self.path('out/cov/replay'))
		self.kill_all(['coverage', 'corpus/litmus'], 9, 2, 6, status=2)


if __name__ == '__main__':
	tap.main(waits=(Killed,), at_once=2)
