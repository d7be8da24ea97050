#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
The verdict of each engine as JSON is as fuzz/tools/verdict.schema.json says, and a failure in it is the same
record from each, fuzz/tools/failure.schema.json, by a validator that is not ours; replay's KTAP is read by
the kernel's parser.
"""
import json
import os
import shutil
import subprocess
import unittest

import home
from lib import fuzz, libfuzzer, tap, verdict as verdict_module

VERDICT, FAILURE = 'fuzz/tools/verdict.schema.json', 'fuzz/tools/failure.schema.json'
HIB = 'program 1\ntask 0 @cpu0 { hib_alloc A; hib_free }\n'


class Engine(home.Scratch):
	def run_engine(self, status, *words, env=None):
		"""Runs what writes JSON to the path that is its last word. Return: the JSON."""
		path = os.path.join(self.tmp, 'it.json')
		done = subprocess.run([*words, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300,
				      env={**os.environ, 'TMPDIR': self.tmp, **(env or {})})
		self.assertEqual(status, done.returncode, done.stdout[-2000:])
		with open(path, encoding='utf-8') as file:
			return json.load(file)

	def valid(self, said, verdict, schema=VERDICT):
		self.assertEqual([[]], home.schema_errors(self, schema, [said]))
		self.assertEqual(verdict, said['verdict'])
		self.assertEqual(verdict == 'PASS', said['reason'] == '', said['reason'])

	def test_explore(self):
		"""explore: a failure with the objects that the check names"""
		said = self.run_engine(1, 'out/dev/explore', '--near', '--mutant', 'seed-v1-a', '--quiet', '--out', self.tmp,
				       'corpus/regress/seed-v1-a.prog', '--json')
		self.valid(said, 'FAIL')
		self.assertGreater(said['mutant_schedules'], 0)
		found = said['findings'][0]
		self.assertEqual(found['check'], found['failure']['check'])
		self.assertIn('cluster', [o['kind'] for o in found['failure']['objects']])
		self.assertNotRegex(found['failure']['text'], '[\x01\x02]')

	def test_explore_passes(self):
		"""explore: what was planned and done of a pass, and of a run that is short of it"""
		said = self.run_engine(0, 'out/dev/explore', '--quiet', '--schedules', '100', '--out', self.tmp, '--json')
		self.valid(said, 'PASS')
		self.assertEqual({'schedules': 100, 'seconds': None, 'programs': None}, said['planned'])
		self.assertEqual(0, said['mutant_schedules'])
		said = self.run_engine(2, 'out/dev/explore', '--quiet', '--seed', '1..1', '--schedules', '100', '--out', self.tmp, '--json')
		self.valid(said, 'INCOMPLETE')

	def test_stress(self):
		"""stress: the same record, with what each worker was doing"""
		for seed in ('1', '2', '3'):
			report = self.run_engine(1, 'out/dev/stress', '--mutant', 'seed-v1-gfp', '--seed', seed, '--quiet', '--report')
			if 'failure' in report:
				break
		self.assertTrue(report['mutant_reached'])
		self.assertEqual([[]], home.schema_errors(self, FAILURE, [report['failure']]))
		self.assertEqual('FAIL', report['verdict'])
		names = [task['name'] for task in report['failure']['tasks']]
		self.assertLessEqual({'w0', 'w1', 'w2', 'w3'}, set(names))

	def test_replay(self):
		"""replay: each file; a finding is what is not expected"""
		fails = self.put('fails.prog', HIB + 'expect pass with mutant hib-double-dec\n')
		expected = self.put('expected.prog', HIB + 'expect INV-G1 with mutant hib-double-dec\n')
		stale = self.put('stale.prog', HIB + 'schedule 0.op2 lock(ci)#99 -> main\n')
		misses = self.put('misses.prog', HIB + 'reaches swapoff_pinned\n')
		broken = self.put('broken.prog', 'program 2\n')
		said = self.run_engine(1, 'out/dev/replay', fails, expected, stale, misses, broken, '--json')
		self.valid(said, 'FAIL')
		self.assertEqual(5, said['planned']['programs'])
		self.assertEqual(4, said['done']['programs'])
		self.assertEqual({'fails': 'FAIL', 'expected': 'PASS', 'stale': 'STALE', 'misses': 'FAIL', 'broken': 'INCOMPLETE'},
				 {os.path.basename(one['file'])[:-5]: one['verdict'] for one in said['files']})
		self.assertEqual([(fails, 'INV-G1')], [(one['file'], one['check']) for one in said['findings']])
		self.assertEqual('INV-G1', said['findings'][0]['failure']['check'])
		self.assertEqual({'expected.prog', 'fails.prog'},
				 {os.path.basename(one['file']) for one in said['files'] if 'failure' in one})
		self.valid(self.run_engine(0, 'out/dev/replay', expected, '--json'), 'PASS')
		self.valid(self.run_engine(3, 'out/dev/replay', stale, '--json'), 'INCOMPLETE')
		self.valid(self.run_engine(2, 'out/dev/replay', broken, '--json'), 'INCOMPLETE')

	def test_shrink(self):
		"""shrink: the failure, and the sizes; why it could not be shrunk"""
		path = self.put('long.prog', HIB.replace('{', '{ map m0 0; reclaim m0 0;') + 'expect INV-G1 with mutant hib-double-dec\n')
		said = self.run_engine(0, 'out/dev/shrink', path, '--quiet', '-o', os.path.join(self.tmp, 'small.prog'), '--json')
		self.valid(said, 'PASS')
		self.assertEqual('INV-G1', said['failure']['check'])
		self.assertIn('4 operations', said['before'])
		self.assertNotIn('4 operations', said['after'])
		passes = self.put('passes.prog', HIB)
		said = self.run_engine(2, 'out/dev/shrink', passes, '--quiet', '-o', os.path.join(self.tmp, 'small.prog'), '--json')
		self.valid(said, 'INCOMPLETE')
		self.assertIn('does not fail', said['reason'])

	def test_play(self):
		"""play: the record of what failed on pthreads"""
		passes = self.put('passes.prog', HIB)
		said = self.run_engine(1, 'out/dev/play', passes, '--mutant', 'hib-double-dec', '--times', '3', '--json')
		self.valid(said, 'FAIL')
		self.assertEqual('INV-G1', said['findings'][0]['failure']['check'])
		self.assertEqual({'schedules': 3, 'seconds': None, 'programs': 1}, said['planned'])
		said = self.run_engine(0, 'out/dev/play', passes, '--times', '3', '--json')
		self.valid(said, 'PASS')
		self.assertEqual(3, said['done']['schedules'])

	@unittest.skipUnless(os.path.exists('out/fuzz-asan/fuzz_program'), 'out/fuzz-asan is not built')
	def test_libfuzzer(self):
		"""a libFuzzer target: a seed that fails, and one that does not; the same by scripts/fuzz"""
		fails = self.put('fails.prog', HIB + 'expect INV-G1 with mutant hib-double-dec\n')
		for name in ('bad', 'good'):
			os.mkdir(os.path.join(self.tmp, name))
			shutil.copy('corpus/litmus/alloc-steal.prog', os.path.join(self.tmp, name))
		shutil.copy(fails, os.path.join(self.tmp, 'bad'))
		path = os.path.join(self.tmp, 'json')
		words = ['out/fuzz-asan/fuzz_program', '-seed=1', '-runs=50', f'-artifact_prefix={self.tmp}/']
		for where, verdict in (('bad', 'FAIL'), ('good', 'PASS')):
			run = subprocess.run([*words, os.path.join(self.tmp, where)], capture_output=True, check=False, timeout=300,
					     env={**os.environ, 'SWAPHAMMER_JSON': path})
			self.assertEqual(77 if verdict == 'FAIL' else 0, run.returncode, run.stderr[-2000:])
			with open(path, encoding='utf-8') as file:
				said = json.load(file)
			self.valid(said, verdict)
			self.assertEqual(50, said['planned']['programs'])
			self.assertGreaterEqual(said['done']['programs'], 40)
			self.assertEqual(verdict == 'FAIL', said['mutant_reached'])
			self.assertEqual(['INV-G1'] if verdict == 'FAIL' else [], [one['failure']['check'] for one in said['findings']])
		session = libfuzzer.Session('out/fuzz-asan/fuzz_program', 2, 1, 1, os.path.join(self.tmp, 'bad'), self.tmp, self.tmp,
					    home.quiet('fuzz'), keep_going=True)
		session.run()
		outcome = verdict_module.Verdict('fuzz')
		fuzz.conclude(outcome, session, '2 s')
		fuzz.write_json(path, outcome, session, 'fuzz_program', -1, 2, set())
		with open(path, encoding='utf-8') as file:
			said = json.load(file)
		self.valid(said, 'FAIL')
		self.assertEqual([('INV-G1', True)], [(one['check'], one['new']) for one in said['findings']])
		self.assertEqual('INV-G1', said['findings'][0]['failure']['check'])
		self.assertEqual(['alloc-steal.prog'], [name for name in os.listdir(os.path.join(self.tmp, 'bad')) if name.endswith('.prog')])

	def test_fires(self):
		"""what is not as the schemas say is seen"""
		failure = {'check': 'INV-C1', 'site': 'a.c:1', 'text': '', 'task': 0, 'objects': [], 'tasks': []}
		bad = [{'check': 'x'}, {'task': -1}, {'more': 1}, {'objects': [{'kind': 'moon'}]}, {'tasks': [{}]}]
		found = home.schema_errors(self, FAILURE, [failure, *({**failure, **part} for part in bad)])
		self.assertEqual([True] + [False] * len(bad), [not errors for errors in found], found)
		finding = {'check': 'INV-C1', 'key': 'INV-C1  a.c:1', 'file': None, 'count': 1, 'new': True, 'failure': failure}
		good = {'verdict': 'FAIL', 'reason': 'x', 'planned': {'schedules': 1, 'seconds': None, 'programs': None},
			'done': {'schedules': 1, 'seconds': 0.5, 'programs': 1}, 'engine': 'explore', 'findings': [finding]}
		bad = [{'verdict': 'FOUND'}, {'planned': {}}, {'done': {**good['done'], 'schedules': None}}, {'engine': 'x'},
		       {'findings': [{**finding, 'count': 0}]}, {'findings': [{**finding, 'failure': {}}]}, {'files': [{}]}]
		found = home.schema_errors(self, VERDICT, [good, *({**good, **part} for part in bad)])
		self.assertEqual([True] + [False] * len(bad), [not errors for errors in found], found)

	def test_ktap(self):
		"""replay --ktap: the kernel's parser counts the same"""
		fails = self.put('a fails.prog', HIB + 'expect pass with mutant hib-double-dec\n')
		needs = self.put('b#needs.prog', HIB + 'expect INV-G1 with mutant hib-double-dec\n')
		passes, broken = self.put('c.prog', HIB), self.put('d.prog', 'program 2\n')
		run = subprocess.run(['out/dev/replay', '--ktap', fails, needs, passes, broken], stdout=subprocess.PIPE, text=True, check=False)
		self.assertEqual(1, run.returncode)
		counts, said = home.kunit(self, run.stdout)
		self.assertEqual((2, 2, 0), counts, said)
		self.assertIn('# FAIL  INV-G1  ', run.stdout)
		run = subprocess.run(['out/dev/replay', '--ktap', '--skip-mutants', needs, passes], stdout=subprocess.PIPE, text=True, check=False)
		self.assertEqual(0, run.returncode)
		self.assertIn('\nok 1 ' + needs.replace('#', '_') + ' # SKIP needs mutant hib-double-dec\n', run.stdout)
		counts, said = home.kunit(self, run.stdout)
		self.assertEqual((1, 0, 1), counts, said)


if __name__ == '__main__':
	tap.main()
