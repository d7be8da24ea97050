#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The pieces of scripts/nightly: which findings have one cause, the list, the bandit, the journal, the disk."""
import json
import os
import tempfile
import unittest

import home		# noqa: F401
from lib import files, tap
from lib.night import arms, coverage, disk, origin, show
from lib.night.bandit import Bandit
from lib.night.cause import ALIKE, FORM, Cause, shape
from lib.night.journal import Journal
from lib.night.ledger import Ledger
from lib.start import Trouble


# In the place of explore: finds one thing when it searches near what another one wrote, else another thing.
EXPLORE = r"""#!/bin/bash
echo "$*" >>"$0.runs"
while [ $# -gt 0 ]; do case $1 in --json) json=$2 ;; --out) out=$2 ;; --worth) worth=$2 ;; --near) near=$2 ;; esac; shift; done
mkdir -p "$out"
[ -z "$worth" ] || { mkdir -p "$worth"; [ -n "$NOTHING" ] || : >"$worth/seed-1-1.prog"; }
if [ -n "$near" ]; then
	[ -e "$near/seed-1-1.prog" ] || exit 2
	printf '# RACE  core/x.c:7\nprogram 1\nexpect RACE\n' >"$out/RACE-1.prog"
else
	printf '# INV-X1  core/x.c:7\nprogram 1\nexpect INV-X1\n' >"$out/INV-X1-1.prog"
fi
echo '{"verdict": "PASS", "reason": "", "behaviours": 9, "done": {"schedules": 50, "seconds": 1}}' >"$json"
"""


class Scouted(home.Scratch):
	class Night:	# pylint: disable=too-few-public-methods
		cores = 2

		def __init__(self):
			self.ground = {}

		@staticmethod
		def live(text):
			pass

	def slice(self):
		"""Return: what a slice of 5 s came to, and its findings."""
		for variant in ('dev', 'tsan'):
			os.makedirs(self.path(variant), exist_ok=True)
			with open(self.path(f'{variant}/explore'), 'w', encoding='ascii') as file:
				file.write(EXPLORE)
			os.chmod(self.path(f'{variant}/explore'), 0o755)
		arm = arms.Scouted('core explore tsan scouted', self.path('dev'), code='core', variant='tsan',
				   directory=self.path('tsan'), tools=[self.path('dev'), self.path('tsan')])
		did = arm.run(5, 7, self.path('slice'), self.Night())
		return did, sorted(raw.key for raw in arm.harvest(self.path('slice')))

	def test_near(self):
		"""the variant searches near what the faster one wrote; the findings of both count"""
		did, found = self.slice()
		self.assertEqual([], did.reasons)
		self.assertEqual(200, did.done)		# two parts, two runs each
		self.assertEqual(['INV-X1  core/x.c:7'] * 2 + ['RACE  core/x.c:7'] * 2, found)
		with open(self.path('tsan/explore.runs'), encoding='ascii') as file:
			self.assertRegex(file.read(), r'--seconds 2 .* --near \S+/slice/1/worth\n')

	def test_nothing(self):
		"""nothing to search near is not done"""
		os.environ['NOTHING'] = '1'
		self.addCleanup(os.environ.pop, 'NOTHING')
		did, found = self.slice()
		self.assertRegex(did.reasons[0], 'dev found no schedule worth it')
		self.assertEqual(['INV-X1  core/x.c:7'] * 2, found)


class Pieces(unittest.TestCase):
	BLOCK = 'FAIL  INV-C8  core/check/claims.c:96\n      must\n\ninterleaving\n    CPU 0 (task 0)       CPU 1 (work0)\n' \
		'    --------------       -------------\n    op2: reclaim m0 0\n      f(A/1) {\n        lock ci A/1\n' \
		'                         trylock ci A/2\n        lets go of A/1  <-- FAIL INV-C8\n'

	def test_cause(self):
		one = Cause('INV-C8  core/check/claims.c:96', self.BLOCK, 'program 1\ntask 0 @cpu0 { map m0 0; reclaim m0 0 }\n')
		self.assertEqual(['lets go of _', 'lock ci _', 'f'], one.where)
		moved = Cause('INV-C8  core/check/claims.c:200', self.BLOCK.replace('A/1', 'B/7'),
			      'program 1\ntask 0 @cpu1 { write m1 4 nr=2; reclaim_folio f3 }\n')
		self.assertEqual(1, one.likeness(moved))
		other = Cause('INV-C8  core/check/claims.c:96', self.BLOCK.replace('lets go of', 'takes').replace('lock ci', 'x')
			      .replace('f(', 'g('), 'program 1\ntask 0 @cpu0 { swapoff A }\ntask 1 @cpu1 { hib_alloc A }\n')
		self.assertLess(one.likeness(other), ALIKE)
		self.assertEqual(0, one.likeness(Cause('INV-C9  core/check/claims.c:96', self.BLOCK, 'program 1\n')))
		again = Cause.read(one.check, *one.text())
		self.assertEqual((one.place, one.where, one.shape), (again.place, again.where, again.shape))

	def test_form(self):
		"""two ways to one bug: the last steps are the same; two bugs in one function are not told from that, and told"""
		place = 'core/check/claims.c during swap_reclaim_full_clusters'
		def at(where, shaped='map, reclaim, task'):
			return Cause.read('INV-C8', f'{place}; {where}', shaped)
		one = at('lets go of _ < swap_table_get: from _ < isolate_lock_cluster: _ FULL -> NONE < trylock ci _')
		for where, least, most in (
				('lets go of _ < swap_table_get: from _ < lock ci _ < __try_to_reclaim_swap = -_', ALIKE, FORM),
				('lets go of _ < swap_table_get: from _ < isolate_lock_ cluster: _ FULL -> NONE < unlock ci _', FORM, 1),
				('takes _ < __swap_cache_add_folio: _ = _ < lock ci _', 0, ALIKE)):
			like = one.likeness(at(where, 'exit, map, map, migrate, reclaim, reclaim, task'))
			self.assertTrue(least <= like < most, (where, like))

	def test_wrong_from(self):
		"""of a number, the function after which it was never right again"""
		block = self.BLOCK.replace('lock ci A/1', 'swap_range_free: nr_swap_pages 14, should be 15; wrong from here on')
		self.assertEqual(['wrong from swap_range_free'], Cause('INV-G1  core/x.c:1', block, '').where)

	def test_origin(self):
		"""pairs of steps that no passing run makes: the same few of them are one cause, some are a doubt"""
		rows = self.BLOCK.split('interleaving\n')[1].replace('\n    ', '\n').splitlines()
		self.assertEqual([('top', 'op reclaim', 'f begins'), ('f', 'f begins', 'lock ci _')], list(origin.pairs(rows)))
		long = ['CPU 0 (task 0)', '--------------', 'op1: map m0 0', '  might_sleep may sleep, but it is held',
			'      (core/x.c:7)  <-- FAIL SLEEP']
		self.assertEqual([], list(origin.pairs(long)))
		two, more, many = 'f: a > b; f: b > c', 'g: x > y; f: a > b; f: b > c', '; '.join(f'f: {n} > {n + 1}' for n in range(9))
		for one, other, same in ((two, two, True), (two, more, True), (more, two, True), (two, '', False), ('', '', False),
					 (two, 'f: a > d; f: d > c', False), (two, 'f: a > b; f: b > d', False),
					 (two, 'f: a > b; f: b > c; f: c > d', None), (two.replace('b', 'b d'), two.replace('b', 'bd'), True), ('f: a > b', 'f: a > b', None), (many, many, None)):
			self.assertIs(same, origin.compare(one, other), (one, other))
		program = 'program 1\ntask 0 @cpu0 {\n\tmap m0 0\n\treclaim m0 0\n}\nschedule\n\t0.op2 cpu#3 -> cpu1;\n\t0.op2 cpu#5 -> cpu0\n' \
			'expect INV-C8\n'
		near = list(origin.neighbours(program))
		self.assertEqual(4, len(near))
		self.assertTrue(all('expect' not in text for text in near))
		self.assertTrue(near[-1].endswith('schedule\n\t0.op2 cpu#3 -> cpu1\n'))

	def test_further_check(self):
		"""a further check is no entry of its own, until the first one is fixed and it is still there"""
		with tempfile.TemporaryDirectory() as tmp:
			ledger = Ledger(f'{tmp}/findings')
			entries = []
			for check, where in (('INV-A', 'f: a > b; f: b > c'), ('INV-B', 'f: a > b; f: b > c'),
					     ('INV-C', 'f: a > b; f: b > d; f: d > e')):
				entries.append(ledger.add('core', Cause(f'{check}  core/x.c', '', ''), born=1, origin=where))
				origin.relate(entries[-1], ledger)
			self.assertEqual(['', entries[0].name, ''], [entry.of for entry in entries])
			self.assertEqual(['', '', ''], [entry.like for entry in entries])
			ledger.write()
			again = Ledger(f'{tmp}/findings')
			self.assertEqual([entries[0].name, entries[2].name], [entry.name for entry in again.mains()])
			self.assertEqual([entries[1].name], [entry.name for entry in again.further(again.entries[entries[0].name])])
			again.part(again.entries[entries[1].name], 'the first is fixed', 5)
			self.assertEqual(3, len(again.mains()))
			self.assertEqual(('new', 5), (again.entries[entries[1].name].state, again.entries[entries[1].name].born))

	def test_shape(self):
		self.assertEqual(['fail io', 'fail table.atomic', 'map', 'migrate', 'preempt', 'reclaim', 'task'],
				 shape('program 1\nfail io 1..\ntask 0 @cpu0 { write m0 0 # x\n reclaim_folio f0 }\nschedule\n'
				       '\t0.op2 alloc(table.atomic)#1 -> fail;\n\t0.op2 cpu#5 -> cpu0;\n\t0.op2 read#1 -> 1\n'
				       'expect INV-C8\n'))

	def test_ledger(self):
		with tempfile.TemporaryDirectory() as tmp:
			ledger = Ledger(f'{tmp}/findings')
			cause = Cause('INV-C8  core/check/claims.c:96', self.BLOCK, 'program 1\ntask 0 @cpu0 { map m0 0 }\n')
			entry = ledger.add('core', cause, born=3, note='a note')
			entry.seen(3, 'abc')
			ledger.write()
			again = Ledger(f'{tmp}/findings')
			self.assertEqual(entry.text(), next(iter(again.entries.values())).text())
			self.assertIs(again.find('core', cause), next(iter(again.entries.values())))
			self.assertIsNone(again.find('tree', cause))
			again.begin(4)
			self.assertEqual('known', next(iter(again.entries.values())).state)
			for text, why in (('state: new\n', ":1: expected 'finding NAME'"), ('finding A\nstate: old\n', ':2: a state is'),
					  ('finding A\nfinding A\n', ':2: a second'), ('finding A\nnights: x\n', ':2: expected a number'),
					  ('finding A\nwhat: x\n', ':2: expected')):
				files.write(f'{tmp}/bad', text)
				with self.assertRaisesRegex(Trouble, why):
					Ledger(f'{tmp}/bad')

	def test_bandit(self):
		"""each once, then what pays; old pay fades; a broken state is none"""
		bandit = Bandit(['a', 'b', 'c'])
		turns = []
		for _ in range(60):
			name = bandit.choose()
			turns.append(name)
			bandit.reward(name, 0.9 if name == 'b' else 0)
		self.assertEqual(['a', 'b', 'c'], sorted(turns[:3]))
		self.assertGreater(turns.count('b'), 40)
		for _ in range(200):
			name = bandit.choose()
			bandit.reward(name, 0.9 if name == 'c' else 0)
			turns.append(name)
		self.assertGreater(turns[-50:].count('c'), 25)
		again = Bandit(['b', 'c', 'd'], json.loads(json.dumps(bandit.state())))
		self.assertEqual('d', again.choose())
		self.assertEqual('b', again.choose(['b']))
		for state in (None, [], {'a': 'x'}, {'a': [float('nan'), 1]}, {'a': [-1, 0]}):
			self.assertEqual('a', Bandit(['a'], state).choose())
		self.assertIsNone(Bandit(['a']).choose([]))

	def test_show(self):
		"""a known flaw is shown with its name, whether its place is known or not"""
		finding = {'name': 'CRASH-0324', 'state': 'known', 'where': '', 'flaw': 'hib-no-bdev', 'met': True, 'check': 'CRASH', 'report': '',
			   'further': [], 'like': [], 'todo': '', 'first': 'a', 'last': 'b', 'nights': 1, 'repro': '', 'new': False}
		facts = {'verdict': 'PASS', 'night': 1, 'began': '', 'parameters': '', 'reasons': [], 'engines': [], 'paths': {},
			 'planned': {'engines': 1}, 'done': {'seconds': 60, 'engines': 1},
			 'findings': [finding, {**finding, 'where': 'mm/a.c; f < g', 'flaw': '', 'met': False}]}
		said = list(show.lines(facts, []))
		self.assertTrue(said[0].endswith(': Nothing new in 1 minute; 1 known flaw of the tree was met.'), said[0])
		finding['nights'] = 2
		self.assertTrue(next(show.lines(facts, [])).endswith(': Nothing new in 1 minute; 1 known one was met again.'))
		self.assertIn('known  CRASH-0324  = hib-no-bdev', said)
		self.assertIn('known  CRASH-0324  mm/a.c, not met in this night', said)

	def test_coverage(self):
		"""regions of functions; copies of an inline count together; what is not under test does not count"""
		def function(name, path, *counts):
			return {'name': name, 'filenames': [path],
				'regions': [[number + 1, 1, number + 1, 9, count, 0, 0, 0] for number, count in enumerate(counts)]}
		summary = {'lines': {'covered': 3, 'count': 4, 'percent': 75.0}, 'branches': {'percent': 50.0}}
		data = {'functions': [function('a.c:helper', '/x/core/swap/a.h', 1, 0), function('b.c:helper', '/x/core/swap/a.h', 0, 0, 2),
				      function('other', '/x/fuzz/y.c', 1), function('test', '/x/core/swap/test/z.c', 1)],
			'files': [{'filename': '/x/core/swap/a.h', 'summary': summary}, {'filename': '/x/fuzz/y.c', 'summary': summary}]}
		found = coverage.summarise(data)
		self.assertEqual({'covered': 3, 'count': 4, 'percent': 75.0}, found['lines'])
		self.assertEqual(['core/swap/a.h'], [one['name'] for one in found['files']])
		self.assertEqual([('helper', 67, 3)], [(one['name'], round(one['percent']), one['regions'])
						       for one in found['files'][0]['functions']])
		with self.assertRaises(Trouble):
			coverage.summarise({'functions': [], 'files': []})

	def test_prune(self):
		with tempfile.TemporaryDirectory() as tmp:
			for name in ('0001-x', '0002-x', '0003-x'):
				os.makedirs(f'{tmp}/run/{name}')
				with open(f'{tmp}/run/{name}/log', 'wb') as file:
					file.write(b'x' * 100000)
			self.assertEqual(['0001-x'], disk.prune(f'{tmp}/run', 9, 250000, tmp, '0003-x'))
			self.assertEqual(['0002-x'], disk.prune(f'{tmp}/run', 1, 1 << 40, tmp, '0003-x'))
			self.assertEqual([], disk.prune(f'{tmp}/run', 1, 0, tmp, '0003-x'))

	def test_journal(self):
		"""a line that was cut off is no line, and nothing is appended to it"""
		directory = tempfile.TemporaryDirectory()
		self.addCleanup(directory.cleanup)
		path = f'{directory.name}/journal'
		journal = Journal(path)
		journal.add('one', value=1)
		journal.close()
		with open(path, 'ab') as file:
			file.write(b'{"what": "tw')
		journal = Journal(path)
		journal.add('three')
		journal.close()
		again = Journal(path)
		again.close()
		self.assertEqual(['one', 'three'], [line['what'] for line in again.lines])


if __name__ == '__main__':
	tap.main()
