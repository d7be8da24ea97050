#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/shards: commands with seeds of their own, and merging, of made-up shards."""
import os
import shlex
import subprocess

import home
from lib import nightly, tap
from lib.night import arms
from lib.night.cause import Cause
from lib.night.ledger import Ledger
from lib.night.night import seed_of

PROGRAM = 'program 1\n# {step}\ntask 0 @cpu0 {{ map m0 {page}; reclaim m0 {page} }}\nexpect INV-X{check}\n'
BLOCK = 'FAIL  INV-X{check}  core/x.c:{line}\n      must\n\ninterleaving\n    CPU 0 (task 0)\n    --------------\n' \
	'    op1: map\n      {step}  <-- FAIL INV-X{check}\n'


class Shards(home.Scratch):
	def shard(self, name, findings, inputs=()):
		"""A shard that found (check, step) pairs. Return: its directory."""
		home = f'{self.tmp}/{name}'
		os.makedirs(f'{home}/finding')
		os.makedirs(f'{home}/corpus/fuzz_program')
		ledger = Ledger(f'{home}/findings')
		for number, (check, step) in enumerate(findings):
			what = {'check': check, 'step': step, 'line': number + len(name), 'page': number + len(name)}
			entry = ledger.add('core', Cause(f'INV-X{check}  core/x.c:{what["line"]}', BLOCK.format(**what),
							 PROGRAM.format(**what)), born=1)
			entry.seen(1, 'abc')
			entry.program = f'{home}/finding/{entry.name}.prog'
			entry.repro = f'out/dev/replay {entry.program}'
			for ending, text in (('prog', PROGRAM), ('txt', BLOCK)):
				with open(f'{home}/finding/{entry.name}.{ending}', 'w', encoding='ascii') as file:
					file.write(text.format(**what))
		ledger.write()
		for text in inputs:
			with open(f'{home}/corpus/fuzz_program/{text}', 'w', encoding='ascii') as file:
				file.write(text)
		return home

	def run_shards(self, status, *words):
		run = subprocess.run(['scripts/shards', *words], capture_output=True, text=True, check=False)
		self.assertEqual(status, run.returncode, run.stdout + run.stderr)
		return run.stdout + run.stderr

	def merged(self, name):
		"""What is in a merged list, but its times."""
		return sorted((entry.check, entry.where, entry.shape, os.path.exists(entry.program))
			      for entry in Ledger(f'{self.tmp}/{name}/findings').entries.values())

	def test_plan(self):
		"""each command is one of scripts/nightly, with a shard and a directory of its own"""
		commands = [shlex.split(line) for line in self.run_shards(0, 'plan', '3', '--seed', '7', '--tree', 'debian').splitlines()]
		args = [nightly.parse(command[1:]) for command in commands]
		self.assertEqual([(1, 3), (2, 3), (3, 3)], [arg.shard for arg in args])
		self.assertEqual(3, len({arg.dir for arg in args}))
		self.assertEqual({(7, 'debian', 8, 1)}, {(arg.seed, arg.tree, arg.hours, arg.jobs) for arg in args})

	def test_seeds(self):
		"""no two slices of any two shards have a seed in common"""
		seeds = sorted(seed_of(7, number, (shard, 4)) for number in range(1, 50) for shard in range(1, 5))
		self.assertTrue(all(after - before > (arms.PARTS + 1) * arms.APART for before, after in zip(seeds, seeds[1:])))
		self.assertEqual(seeds, sorted(seed_of(7, number) for number in range(1, 4 * 49 + 1)))

	def test_union(self):
		"""two shards merged are what one run of both found, in whatever order; again: nothing new"""
		one = self.shard('one', [(1, 'takes A/1'), (2, 'moves')], ('a', 'b'))
		two = self.shard('two', [(1, 'takes B/7'), (1, 'leaves the list'), (3, 'frees')], ('b', 'c'))
		text = self.run_shards(1, 'merge', one, two, '--dir', f'{self.tmp}/ab')
		self.assertIn('4 new findings of 4, 3 new inputs', text)
		self.run_shards(1, 'merge', two, one, '--dir', f'{self.tmp}/ba')
		self.assertEqual(self.merged('ab'), self.merged('ba'))
		self.assertEqual(['a', 'b', 'c'], sorted(os.listdir(f'{self.tmp}/ab/corpus/fuzz_program')))
		text = self.run_shards(0, 'merge', one, two, '--dir', f'{self.tmp}/ab')
		self.assertIn('0 new findings of 4, 0 new inputs', text)

	def test_many(self):
		"""a thousand shards, of which each found some of the same and one of its own"""
		shards = [self.shard(str(number), [(1, 'takes'), (2, 'moves'), (4, f'step{number}x of_{number}')] if number % 50 == 0
				     else [(1, 'takes'), (2, 'moves')], (f'i{number}', f'j{number % 7}')) for number in range(1000)]
		text = self.run_shards(1, 'merge', *shards, '--dir', f'{self.tmp}/all')
		self.assertRegex(text, r'planned 1000 shards, done 1000; \d+ new findings of \d+, 1007 new inputs')
		self.assertLessEqual(3, len(self.merged('all')))

	def test_bad(self):
		self.run_shards(2, 'merge', '/nosuch')
		os.makedirs(f'{self.tmp}/empty')
		self.assertIn('its night has not run', self.run_shards(2, 'merge', f'{self.tmp}/empty', '--dir', f'{self.tmp}/to'))
		for words in ((), ('plan', '0'), ('plan', 'x'), ('merge',), ('what',), ('plan', '2', '--jobs', '0')):
			self.assertIn('error: ', self.run_shards(2, *words))


if __name__ == '__main__':
	tap.main()
