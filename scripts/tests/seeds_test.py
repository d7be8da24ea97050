#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A seed of explore means one thing: in every variant, and whatever ran before it."""
import json
import os
import subprocess
import unittest

import home
from lib import tap

VARIANTS = [v for v in ('dev', 'fast', 'asan', 'tsan') if os.path.exists(f'out/{v}/explore')]
STRATEGIES = 'random', 'pct', 'pos', 'surw', 'rf', 'windows', 'strict', 'portfolio'
# found blind, from programs behind the first
MUTANTS = 'seed-v1-a', 'seed-v1-c', 'hib-warn-relock', 'discard-locked'


class Seeds(home.Scratch):
	def explore(self, variant, *options):
		"""Returns what it says, as JSON."""
		said = os.path.join(self.tmp, 'json')
		subprocess.run([f'out/{variant}/explore', '--quiet', '--json', said,
				'--out', os.path.join(self.tmp, options[-1]), *options[:-1]],
			       capture_output=True, check=False)
		with open(said, encoding='utf-8') as file:
			return json.load(file)

	@unittest.skipIf(len(VARIANTS) < 2, 'fewer than two variants are built')
	def test_variants(self):
		"""the same seeds are the same schedules in every variant"""
		for strategy in STRATEGIES:
			hashes = {v: self.explore(v, '--seed', '11..15', '--strategy', strategy, 'found')['hash']
				  for v in VARIANTS}
			self.assertEqual(len(set(hashes.values())), 1, f'{strategy}: {hashes}')

	@unittest.skipIf(len(VARIANTS) < 2, 'fewer than two variants are built')
	def test_worth(self):
		"""and the same schedules are worth a look"""
		kept = {}
		for v in VARIANTS:
			directory = os.path.join(self.tmp, f'worth-{v}')
			said = self.explore(v, '--seed', '11..30', '--worth', directory, '--worth-max', '30', 'found')
			self.assertEqual(30, said['worth']['written'])
			kept[v] = {name: open(os.path.join(directory, name), encoding='utf-8').read() for name in os.listdir(directory)}
		self.assertEqual(30, len(kept[VARIANTS[0]]))
		for v in VARIANTS:
			self.assertEqual(kept[VARIANTS[0]], kept[v], v)

	@unittest.skipIf(not VARIANTS, 'explore is not built')
	def test_history(self):
		"""nor do they depend on the programs before: hashes are sums over schedules"""
		for strategy in STRATEGIES:
			five, six, alone = (int(self.explore(VARIANTS[0], '--seed', seeds, '--strategy', strategy,
								'found')['hash'], 16)
					       for seeds in ('1..5', '1..6', '6..6'))
			self.assertEqual((six - five) % 2 ** 64, alone, strategy)

	@unittest.skipIf(not VARIANTS, 'explore is not built')
	def test_other_seeds(self):
		"""and other seeds are others"""
		one, other = (self.explore(VARIANTS[0], '--seed', seeds, 'found')['hash'] for seeds in ('1..2', '3..4'))
		self.assertNotEqual(one, other)

	@unittest.skipIf(not VARIANTS, 'explore is not built')
	def test_alone(self):
		"""what a long run found, its seed finds alone"""
		behind = 0
		for mutant in MUTANTS:
			long = self.explore(VARIANTS[0], '--mutant', mutant, '--schedules', '20000', f'{mutant}-long')
			self.assertEqual(long['verdict'], 'FAIL', mutant)
			seed = long['findings'][0]['seed']
			behind += seed > 1
			alone = self.explore(VARIANTS[0], '--mutant', mutant, '--seed', f'{seed}..{seed}', f'{mutant}-alone')
			self.assertEqual(alone['verdict'], 'FAIL', f'{mutant}, seed {seed}')
			found = [open(said['findings'][0]['file'], encoding='utf-8').read() for said in (long, alone)]
			self.assertEqual(found[0], found[1], f'{mutant}, seed {seed}')
		self.assertGreater(behind, 1, 'all are found by the first seed')


if __name__ == '__main__':
	tap.main()
