#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/bench exposure with tiny budgets: a mutant that is detected and one that never is (seed-v1-slab
is not wrong by itself); a bench that goes on; what reached and triggered mean; R on made-up trials.
"""
import functools
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import home			# noqa: F401 # pylint: disable=unused-import
from lib import files, job, tap
from lib.exposure import engines, survival, trials
from lib.progress import Progress
from lib.start import Trouble


@functools.lru_cache(maxsize=None)
def rscript():
	"""Whether R and survival are here."""
	return shutil.which('Rscript') and subprocess.run(['Rscript', '--vanilla', '-e', 'library(survival)'], capture_output=True,
							  check=False).returncode == 0


def setUpModule():
	if os.environ.get('CI') and not rscript():
		subprocess.run(['scripts/setup', 'statistics'], check=True)
		rscript.cache_clear()


class Case(unittest.TestCase):
	def setUp(self):
		self.tmp = tempfile.mkdtemp(prefix='exposure.')
		self.addCleanup(shutil.rmtree, self.tmp)

	def statistics(self, path, reference):
		"""survival.statistics(), or a skip."""
		if not rscript():
			self.skipTest('no R with survival: scripts/setup statistics')
		return survival.statistics(path, reference)


class Bench(Case):
	def bench(self, **options):
		"""Runs the bench. Return: its output, its rows, what went wrong."""
		env = {'runs': '2', 'seconds': '20', 'schedules': '1000', 'engines': 'explore-dev', 'dir': f'{self.tmp}/home',
		       'out': self.tmp, **options}
		ended = subprocess.run(['scripts/lib/python', 'exposure.run'], env={**os.environ, **env}, stdout=subprocess.PIPE,
				       stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
		self.assertEqual(0, ended.returncode, ended.stdout)
		trouble = f'{self.tmp}/trouble'
		wrong = open(trouble, encoding='utf-8').read() if os.path.exists(trouble) else ''	# pylint: disable=consider-using-with
		return ended.stdout, trials.Table(f'{self.tmp}/home/trials.csv').rows, wrong

	def test_detected_and_censored(self):
		"""a detection, and budgets that end without one; the second bench goes on where the first was killed"""
		_, rows, wrong = self.bench(mutants='hib-double-dec seed-v1-slab')
		self.assertEqual(4, len(rows), wrong)
		for row in rows:
			easy = row['mutant'] == 'hib-double-dec'
			self.assertEqual(('1', 'INV-G1') if easy else ('0', ''), (row['detected'], row['check']), row)
			self.assertTrue(0 < int(row['schedules']) < 1000 if easy else int(row['schedules']) == 1000, row)
			self.assertLessEqual(row['detected'], row['triggered'])
			self.assertLessEqual(row['triggered'], row['reached'])
			self.assertGreater(float(row['cpu_seconds']), 0)
		seeds = sorted(int(row['seed']) for row in rows)
		self.assertGreaterEqual(seeds[2] - seeds[1], engines.APART)
		with open(f'{self.tmp}/home/trials.csv', 'a', encoding='utf-8') as file:
			file.write('hib-double-dec,explore-dev,2,17')	# killed in the middle of a row
		said, more, wrong = self.bench(mutants='hib-double-dec seed-v1-slab', runs='3')
		self.assertIn('goes on: 4 of 6 trials', said)
		self.assertEqual(rows, more[:4])
		self.assertEqual(6, len(more))
		needs = [word for word in wrong.split('\n') if word]
		self.assertTrue(all('setup' in word for word in needs), wrong)
		if not needs:
			with open(f'{self.tmp}/home/report.html', encoding='utf-8') as file:
				page = file.read()
			self.assertEqual(page.count('<svg'), 6)
			self.assertNotRegex(page, r'(src|href)="?(https?:)?//')

	def test_misses(self):
		"""a mutant is given up after that many trials that detected nothing, and counts as not reliable"""
		said, rows, wrong = self.bench(mutants='hib-double-dec seed-v1-slab', runs='4', misses='2')
		self.assertFalse([word for word in wrong.split('\n') if word and 'setup' not in word], wrong)
		ran = [row['mutant'] for row in rows]
		self.assertEqual((4, 2), (ran.count('hib-double-dec'), ran.count('seed-v1-slab')))
		self.assertIn('2 of 8 trials were given up, after 2 that detected nothing', said)
		self.assertRegex(said, r'explore-dev: 1 of 2 mutants in at least 95% of 4 trials, [01] of them within 5 s')


class Fake(engines.Engine):
	"""An engine that comes to what a test says, with a control that does, too."""

	def __init__(self, result, control):
		super().__init__('fake', '/bin/true')
		self.results = [result, control]

	def start(self, mutant, trial, directory, schedules):
		return ['true'], {}

	def control(self, mutant, trial, directory, schedules):
		"""As Explore's."""
		return ['true'], {}

	def result(self, directory):
		return self.results.pop(0)


class Meaning(Case):
	"""What reached, triggered and detected mean."""

	def trial(self, result, control=None):
		"""A trial that has come to @result. Return: its row."""
		trial = trials.Trial(Fake(result, control), 'x', 0, (10, 5), f'{self.tmp}/trial', trials.Control())
		for _ in range(2):
			job.finish(trial.job)
			if trial.ended():
				break
		return trial.row

	def test_triggered(self):
		"""reached or not, with the same schedules as without the mutant or with others"""
		def result(detected, reached, digest='a'):
			return engines.Result(detected, 'WARN' if detected else None, reached, 5, digest)
		for one, control, expected in ((result(False, False), None, (0, 0, 0)), (result(False, True), result(False, False), (1, 0, 0)),
					       (result(False, True), result(False, False, 'b'), (1, 1, 0)), (result(True, True), None, (1, 1, 1)),
					       (result(False, True, None), None, (1, None, 0))):
			row = self.trial(one, control)
			self.assertEqual(expected, (row['reached'], row['triggered'], row['detected']))

	def test_cpu_budget(self):
		"""a budget of CPU time ends a trial, with what it did"""
		trial = trials.Trial(engines.Explore('dev'), 'seed-v1-slab', 0, (0.3, 0), f'{self.tmp}/trial', trials.Control())
		while not trial.job.poll():
			trial.watch(job.cpu_of([trial.job.pid])[trial.job.pid])
			time.sleep(0.02)
		self.assertFalse(trial.ended())		# the same schedules without the mutant
		job.finish(trial.job)
		self.assertTrue(trial.ended())
		self.assertGreaterEqual(float(trial.row['cpu_seconds']), 0.3)
		self.assertGreater(trial.row['schedules'], 0)

	def test_alarms(self):
		"""a check that fires where no known bug is"""
		with self.assertRaisesRegex(trials.Alarm, 'no place of the mutant was reached'):
			self.trial(engines.Result(True, 'WARN', False, 5, 'a'))
		with self.assertRaisesRegex(trials.Alarm, 'WARN fires without the mutant'):
			self.trial(engines.Result(False, None, True, 5, 'a'), engines.Result(True, 'WARN', False, 5, 'b'))

	def test_table(self):
		"""a table of other columns is refused, and stays"""
		files.write(f'{self.tmp}/it.csv', 'a,b\n1,2\n')
		with self.assertRaisesRegex(Trouble, 'other columns'):
			trials.Table(f'{self.tmp}/it.csv')


class Survival(Case):
	def table(self, *groups):
		"""A CSV of trials: (mutant, engine, [CPU seconds, negative if censored])."""
		table = trials.Table(f'{self.tmp}/made-up.csv')
		for mutant, engine, times in groups:
			for trial, time in enumerate(times):
				table.add({**dict.fromkeys(trials.FIELDS, 0), 'mutant': mutant, 'engine': engine, 'trial': trial, 'cpu_seconds': abs(time),
					   'schedules': None if engine == 'stress-tsan' else abs(time) * 100, 'detected': int(time > 0),
					   'check': None})
		return table

	def test_known_example(self):
		"""the trial of 6-MP (Freireich and others, 1963): medians 23 and 8 weeks, log-rank chi-squared 16.8"""
		table = self.table(
			('x', 'placebo', (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)),
			('x', '6-mp', (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)))
		found = self.statistics(table.path, 'placebo')['cpu_seconds']['x']
		self.assertEqual(8, found['engines']['placebo']['median'])
		self.assertEqual(23, found['engines']['6-mp']['median'])
		self.assertAlmostEqual(4.17e-5, found['p'], delta=1e-6)
		self.assertLess(found['engines']['6-mp']['ratio'], 0.5)

	def test_reliable(self):
		"""19 of 20 trials are enough, 18 are not, nor are 19 of which one took too long"""
		table = self.table(('x', 'e', (*[1] * 18, 7, -60)), ('y', 'e', (*[1] * 18, -60, -60)), ('z', 'e', [1] * 20), ('w', 'e', (-60, -60)))
		self.assertEqual({'e': {'x', 'z'}}, survival.reliable(table.rows, 20))
		self.assertEqual({'e': {'z'}}, survival.reliable(table.rows, 20, 5))

	def test_nothing_found(self):
		"""groups in which all is censored, an engine without schedules, one engine alone"""
		table = self.table(('x', 'explore-dev', (-10, -10)), ('x', 'stress-tsan', (-9,)), ('y', 'explore-dev', (3, -10, 4)),
				   ('y', 'stress-tsan', (-10, -10)), ('z', 'stress-tsan', (2,)))
		found = self.statistics(table.path, 'explore-dev')
		self.assertIsNone(found['cpu_seconds']['x']['p'])
		self.assertEqual('> 10', survival.interval(found['cpu_seconds']['x']['engines']['explore-dev']))
		self.assertIsNotNone(found['cpu_seconds']['y']['p'])
		self.assertEqual(4, found['cpu_seconds']['y']['engines']['explore-dev']['median'])
		self.assertNotIn('stress-tsan', found['schedules']['y']['engines'])
		self.assertNotIn('z', found['schedules'])
		with open(f'{self.tmp}/said', 'w+', encoding='utf-8') as file:
			survival.summary(survival.count(table.rows, ['explore-dev', 'stress-tsan']), found, Progress('exposure', stream=file))
			file.seek(0)
			self.assertRegex(file.read(), r'(?m)^y +explore-dev +0/3 +0/3 +2/3 +4 \(3 to -\) ')


if __name__ == '__main__':
	tap.main()
