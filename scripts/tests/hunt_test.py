#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/hunt's verdicts: which outcome of an engine is PASS, FAIL or INCOMPLETE, and how it ends.
The engines are small shell scripts here, which do what a test wants.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

import home
from lib import leftover, tap
from lib.night import plan
from lib.target import LONG, Core, Tree

# What runs in the place of scripts/hunt: no setup, no build, the engines of this directory.
DRIVER = f"""
import sys, time
sys.path.insert(0, {home.TOP + '/scripts'!r})
sys.dont_write_bytecode = True
from lib import build, hunt, start, stress, target
import os
stress.GRACE = float(os.environ.get('GRACE', 20))
class Fake(target.Core):
	fuzzers = (('fuzz-asan', 'fuzz_program'),)
	of = os.environ.get('OF', '')
	def explorations(self):
		def known(finding):
			if os.environ.get('NAMING'):
				time.sleep(float(os.environ['NAMING']))
				known.took = getattr(known, 'took', 0) + float(os.environ['NAMING'])
			known.undecided = [finding['file']] if finding.get('key') == 'undecided' else []
			return 'flaw 7' if finding.get('key') == 'known' else None
		return [target.Exploration('dev', 'out/dev', known, 1)] + [
			target.Exploration(engine, self.directory(engine), known, int(os.environ.get('PARTS', '2')), 'dev')
			for engine in self.engines]
build.build = lambda targets, progress: None
real = hunt.Progress
hunt.Progress = lambda name, every: real(name, every=float(os.environ.get('EVERY', every)))
start.leave(start.guard(lambda argv: hunt.hunt(lambda progress: Fake(), hunt.parse(argv)), sys.argv[1:], 'hunt'))
"""

STRESS = r"""#!/bin/bash
if [ "$1" = --list ]; then printf 'one  first\ntwo  second\n'; exit "${STRESS_LIST-0}"; fi
while [ $# -gt 0 ]; do case $1 in --report) report=$2 ;; --program) program=$2 ;; --workload) workload=$2 ;; esac; shift; done
echo "$workload $0" >>stress.runs
say() { echo '{"verdict": "'$1'", "seconds": 0.1, "operations": '$2', "paths": {"rare": 1, "rarer": 0}}' >"$report"; }
what=$STRESS
[ -z "$STRESS_ONLY" ] || [[ $0 = *$STRESS_ONLY* ]] || what=
case $what in
fail) [ -n "$STRESS_MUTE" ] || echo 'program 1' >"$program"; printf 'FAIL  INV-X1  core/x.c:7\n      must hold\n'; say FAIL 5; exit 1 ;;
tsan) printf 'WARNING: ThreadSanitizer: data race (pid=1)\nSUMMARY: ThreadSanitizer: data race core/x.c:7 in f\n'; exit 66 ;;
die) kill -SEGV $$ ;;
usage) echo "stress: what is that?"; exit 2 ;;
silent) exit 0 ;;
cut) printf '{"verdict": "PA' >"$report"; exit 0 ;;
idle) say PASS 0; exit 0 ;;
memory) echo '==1==ERROR: AddressSanitizer failed to allocate 0x10 bytes'; exit 1 ;;
hang) trap '' INT TERM; sleep 1000 & echo $$ $! >>pids; wait; wait ;;
*) sleep 0.1; say PASS 100 ;;
esac
"""

EXPLORE = r"""#!/bin/bash
while [ $# -gt 0 ]; do case $1 in --json) json=$2 ;; --out) out=$2 ;; --worth) worth=$2 ;; --near) near=$2 ;; esac; shift; done
[ -z "$worth" ] || [ "$EXPLORE" = usage ] || { mkdir "$worth"; : >"$worth/seed-1-1.prog"; }
case $near in *worth*)
	[ -e "$near/seed-1-1.prog" ] || { echo "explore: $near: No such file"; exit 2; }
	near=', "near": {"files": 1, "replayed": 1, "stale": '${STALE-0}'}' ;;
*) near= ;;
esac
say() { echo '{"seconds": 1, "programs": 3, "schedules": '$2', "behaviours": 9, "failures": '$3$4$near'}' >"$json"; exit "$1"; }
finding='{"check": "INV-X2", "file": "'$out'/INV-X2-1.prog", "key": "'$EXPLORE_KEY'", "count": 4, "new": true}'
case $EXPLORE in
old) say 0 50 0 ;;
fail) echo 'FOUND  INV-X2  core/x.c:8  (seed 1)'
	say 1 50 4 ', "verdict": "FAIL", "reason": "", "findings": ['"$finding"']' ;;
oldfail) echo 'FOUND  INV-X2  core/x.c:8  (seed 1)'; say 1 50 4 ', "verdict": "FAIL"' ;;
short) say 1 50 4 ', "verdict": "FAIL", "done": {"seconds": 0.4, "schedules": 50}, "findings": ['"$finding"']' ;;
known) say 1 50 4 ', "verdict": "FAIL", "reason": "", "findings": ['"$finding"']' ;;
incomplete) say 2 50 0 ', "verdict": "INCOMPLETE", "reason": "a job died", "findings": []' ;;
both) say 1 50 4 ', "verdict": "FAIL", "reason": "a job died", "findings": ['"$finding"']' ;;
empty) say 0 0 0 ', "verdict": "PASS", "reason": "", "findings": []' ;;
nojson) : >"$json"; exit 0 ;;
usage) echo 'explore: no'; exit 2 ;;
*) say 0 50 0 ', "verdict": "PASS", "reason": "", "findings": []' ;;
esac
"""

FUZZER = r"""#!/bin/bash
echo "$@" >>fuzzer.runs
for last; do :; done
for arg; do case $arg in -artifact_prefix=*) prefix=${arg#*=} ;; esac; done
through() { printf '#2\tINITED cov: 5 ft: 6 corp: 2/9b\n#9\tNEW    cov: 7 ft: 8 corp: 3/9b\n'; }
over() { through; sleep 1; echo "stat::number_of_executed_units: ${1-900}"; exit 0; }
block() { printf 'FAIL  INV-X3  core/x.c:9\n      must hold\nsaved %sINV-X3-1.prog\n' "$prefix"; }
case $FUZZER in
fail) through; block; echo "stat::number_of_executed_units: 9"; sleep 0.2; exit 77 ;;
zero) printf '#0\tINITED cov: 5 ft: 6 corp: 2/9b\n'; sleep 1; echo 'stat::number_of_executed_units: 0' ;;
die) through; kill -KILL $$ ;;
usage) echo 'ERROR: no such directory'; exit 1 ;;
seed)	block; echo "Test unit written to ${prefix}crash-1"; echo 'seed corpus/seeds/bad.prog fails: goes on without it'
	through; sleep 1; echo "stat::number_of_executed_units: 900"; echo 'fuzz_program: seeds that fail: 1'; exit 77 ;;
timeout)
	[ ! -f "$last" ] || { [ -z "$FUZZER_AGAIN" ] && exit 0; exit 70; }
	through; : >"${prefix}timeout-1"; echo '==7== ERROR: libFuzzer: timeout after 60 seconds'
	echo "Test unit written to ${prefix}timeout-1"; exit 70 ;;
early) through; echo 'stat::number_of_executed_units: 9'; exit 0 ;;
*) over ;;
esac
"""


class Case(home.Scratch):
	"""A checkout of its own, with engines that do what the environment says."""

	def setUp(self):
		super().setUp()
		os.makedirs(self.path('corpus/seeds'))
		for name in ('good', 'bad'):
			with open(self.path(f'corpus/seeds/{name}.prog'), 'w', encoding='ascii') as file:
				file.write(f'program 1 # {name}\n')
		for variant in ('dev', 'tsan', 'asan'):
			self.engine(f'out/{variant}/stress', STRESS)
			self.engine(f'out/{variant}/explore', EXPLORE)
		self.engine('out/fuzz-asan/fuzz_program', FUZZER)

	def engine(self, name, text):
		os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
		with open(self.path(name), 'w', encoding='utf-8') as file:
			file.write(text)
		os.chmod(self.path(name), 0o755)

	def begin(self, *words, **env):
		return subprocess.Popen([sys.executable, '-c', DRIVER, *words], cwd=self.tmp, stdout=subprocess.PIPE,
					stderr=subprocess.STDOUT, env={**os.environ, **env})

	def hunt(self, *words, **env):
		"""Runs a hunt of 4 s, or as @words say. Return: its exit status and output."""
		with self.begin(*(words or ('--minutes', '0.07', '--seed', '7')), **env) as process:
			text = process.communicate()[0].decode()
		return process.returncode, text

	def expect(self, status, words, *patterns, **env):
		"""A hunt ends with @status and @words ("PASS", "FAIL", ...), and says all @patterns."""
		got, text = self.hunt(**env)
		last = text.strip().splitlines()[-1]
		self.assertEqual((status, words), (got, re.sub(r'^hunt: | minutes=.*', '', last)), text)
		self.assertRegex(last, r'minutes=0.07 seed=7 threads=4, planned 4 s, \d rows, done \d+ s, \d rows$')
		for pattern in patterns:
			self.assertRegex(text, pattern)
		return text


class Outcomes(Case):
	def test_pass(self):
		text = self.expect(0, 'PASS', r'tsan +one +1 run .* 1/2 +pass', r'asan +explore +1 s .* 50 +9 pairs +pass',
				   r'fuzz-asan +fuzz_program .* 1800 .* pass' if (os.cpu_count() or 1) == 2 else 'pass')
		self.assertNotIn('FAIL', text)
		self.assertEqual(7, text.count(' pass'))
		with open(self.path('out/hunt/latest/verdict'), encoding='utf-8') as file:
			self.assertIn('hunt: PASS', file.read())
		with open(self.path('stress.runs'), encoding='utf-8') as file:
			runs = file.read()
		for engine in ('tsan', 'asan'):
			for name in ('one', 'two'):
				self.assertIn(f'{name} out/{engine}/stress', runs)

	def test_tree(self):
		"""rows of a tree say that stress and the fuzzers run the fixed one, and the columns still fit"""
		self.assertEqual('fixed', Tree.of)
		text = self.expect(1, 'FAIL', r'failed: fixed tsan one: ', r'fixed asan +two +1 run', r'failed: fixed fuzz-asan fuzz_program: ',
				   OF='fixed', STRESS='fail', STRESS_ONLY='tsan', FUZZER='fail')
		self.assertIn('\nas it is: the tree; fixed: the tree with the fixes', text)
		table = [line for line in text.splitlines() if re.match('engine  |fixed ', line)]
		self.assertEqual(6, len(table))
		self.assertEqual({table[0].index('what')}, {re.search('what|one|two|explore|fuzz_p', line).start() for line in table})

	def test_locale(self):
		"""a locale with a decimal comma is nothing to it"""
		self.expect(0, 'PASS', LC_ALL='de_DE.UTF-8', LC_NUMERIC='de_DE.UTF-8')

	def test_stress_fails(self):
		for what, name in (('fail', 'INV-X1 core/x.c:7'), ('tsan', 'data race core/x.c:7 in f')):
			with self.subTest(what=what):
				text = self.expect(1, 'FAIL', f'failed: tsan one: .*{name}; again: out/tsan/stress --workload one',
						   r'tsan +one .* FAIL', r'asan +one .* pass', STRESS=what, STRESS_ONLY='tsan')
				self.assertEqual(2, text.count('\nagain: out/tsan/stress'), 'a failed workload runs once')
				self.assertRegex(text, r'\nFAIL  .*core/x.c:7.*  \(the same as in out/hunt/\S+/tsan-one-0.log\)\nagain: ')
		self.assertEqual(1, self.hunt(STRESS='fail', STRESS_ONLY='tsan')[1].count('must hold'), 'a failure is shown in full once')

	def test_schedule(self):
		"""the program of a failure of stress is searched for a schedule, and hunt says what came of it"""
		for explore, mute, words in (
				('fail', '', r'as a schedule: out/tsan/replay out/findings/INV-X2-1.prog --diagram'),
				('', '', r'no schedule of it in 50 of out/hunt/\S+/tsan-one-0.prog: out/tsan/explore --near'),
				('usage', '', r'no schedule of it, the search failed: exit status 2 \(explore: no\)'),
				('', '1', r'no schedule of it: it left no program')):
			with self.subTest(words=words):
				text = self.hunt(STRESS='fail', STRESS_ONLY='tsan', EXPLORE=explore, STRESS_MUTE=mute)[1]
				self.assertRegex(text, r'\n' + words)
				self.assertRegex(text, r'failed: tsan one: INV-X1 .*; ' + words)

	def test_stress_says_nothing(self):
		"""what died, said nothing or did nothing has not passed; no memory is no finding"""
		for what, why in (('die', 'killed by SIGSEGV'), ('usage', r'exit status 2 \(stress: what is that'),
				  ('silent', 'it left no verdict'), ('cut', 'it left no verdict'), ('idle', '0 operations'),
				  ('memory', 'exit status 1 .*failed to allocate')):
			with self.subTest(what=what):
				self.expect(2, 'INCOMPLETE', f'not done: tsan one: {why}', r'tsan +one .* INCOMPLETE',
					    r'asan +explore .* pass', STRESS=what, STRESS_ONLY='tsan')

	def test_stress_cannot_start(self):
		os.unlink(self.path('out/tsan/stress'))
		self.expect(2, 'INCOMPLETE', r'tsan +stress .* INCOMPLETE', r'asan +explore .* pass')

	def test_workloads_unknown(self):
		self.expect(2, 'INCOMPLETE', r'tsan +stress .* INCOMPLETE', STRESS_LIST='3')

	def test_no_time(self):
		"""workloads that got no turn are "not run": no pass"""
		self.engine('out/tsan/stress', STRESS.replace('sleep 0.1', 'sleep 3'))
		text = self.expect(2, 'INCOMPLETE', r'not done: asan (one|two): not run', r'not run\n', GRACE='-1')
		self.assertRegex(text, 'tsan +one .* pass')

	def test_explore(self):
		for what, status, words, pattern in (
				('old', 2, 'INCOMPLETE', 'not done: asan explore: it left no verdict'),
				('fail', 1, 'FAIL', r'failed: tsan explore: core/x.c:8, 4 times; again: out/tsan/replay '
				 r'out/findings/INV-X2-1.prog'),
				('oldfail', 1, 'FAIL', 'failed: tsan explore: INV-X2  core/x.c:8'),
				('incomplete', 2, 'INCOMPLETE', 'not done: asan explore: a job died'),
				('short', 1, 'FAIL, INCOMPLETE', r'not done: tsan explore: ended after 0 of 1 s'),
				('empty', 2, 'INCOMPLETE', 'not done: tsan explore: 0 schedules'),
				('nojson', 2, 'INCOMPLETE', 'not done: tsan explore: exit status 0, no verdict'),
				('usage', 2, 'INCOMPLETE', r'not done: tsan explore: exit status 2, no verdict \(explore: no')):
			with self.subTest(what=what):
				self.expect(status, words, pattern, EXPLORE=what, EXPLORE_KEY='core/x.c:8')

	def test_near(self):
		"""asan and tsan search near what dev found worth it; without it, that is not done"""
		half = r'(?m)^%s +%s +%d s +1 +3 +50 +%s +pass$'
		for env, status, patterns in (
				({}, 0, [half % ('dev', 'explore', 1, '9 pairs')] + [half % (variant, what, 1, reached) for variant in ('asan', 'tsan')
					for what, reached in (('explore', '9 pairs'), ('explore near', '1/1'))]),
				({'STALE': '1'}, 2, ['not done: tsan explore near: 1 schedules of another variant are stale in this one']),
				({'EXPLORE': 'usage'}, 2, [r'not done: asan explore near: exit status 2, no verdict \(explore: .*worth-dev: No such'])):
			with self.subTest(env=env):
				got, text = self.hunt('--minutes', '0.17', '--seed', '7', **env)
				self.assertEqual(status, got, text)
				self.assertIn('near: schedules', text)
				for pattern in patterns:
					self.assertRegex(text, pattern)

	def test_too_short(self):
		"""a hunt that is too short for dev to look ahead searches near nothing, and is complete"""
		got, text = self.hunt('--minutes', '0.17', '--seed', '7', PARTS='4')
		self.assertEqual(0, got, text)
		self.assertNotRegex(text, 'explore near|dev +explore|near: schedules|as it is:')
		self.assertRegex(text, r'(?m)^asan +explore +2 s')

	def test_known_flaws(self):
		"""a known flaw is counted and named; another finding is a failure"""
		self.expect(0, 'PASS', r'(?m)^known flaw, seen 4 times by tsan explore: flaw 7  known$',
			    r'(?m)^corpus/linux/README.md describes each known flaw$', EXPLORE='known', EXPLORE_KEY='known')
		for engine in ('tsan', 'asan'):
			self.engine(f'out/{engine}/explore', EXPLORE.replace('"count": 4', '"count": 1'))
		self.expect(0, 'PASS', r'(?m)^known flaw, seen once by tsan explore: flaw 7  known$', EXPLORE='known', EXPLORE_KEY='known')
		self.expect(1, 'FAIL', r'again: \S+ \S+ --diagram\n', EXPLORE='known', EXPLORE_KEY='other')
		self.expect(1, 'FAIL', r'again: .* --diagram \(not compared with the known flaws, see above\)\n',
			    EXPLORE='known', EXPLORE_KEY='undecided')

	def test_naming(self):
		"""the time in which flaws are named is no time of the hunt, and is said"""
		_, text = self.hunt(EXPLORE='known', EXPLORE_KEY='known', NAMING='1.1', EVERY='0')
		self.assertRegex(text, r'\nhunt: \d+/4 s and 1 s of naming flaws  asan explore')
		self.assertRegex(text, r', planned 4 s, 7 rows, done \d+ s and 2 s of naming flaws, 7 rows\n$')

	def test_both(self):
		"""FAIL wins over INCOMPLETE in the status, both are said"""
		self.expect(1, 'FAIL, INCOMPLETE', 'failed: asan explore: core/x.c:8', 'not done: tsan one: killed by SIGSEGV',
			    EXPLORE='fail', STRESS='die', STRESS_ONLY='tsan', EXPLORE_KEY='core/x.c:8')

	def test_fuzzers(self):
		for what, status, words, pattern in (
				('fail', 1, 'FAIL', r'failed: fuzz-asan fuzz_program: INV-X3 core/x.c:9, \d+ times; .*INV-X3-1.prog'),
				('zero', 2, 'INCOMPLETE', 'not done: fuzz-asan fuzz_program: 0 executions'),
				('die', 2, 'INCOMPLETE', 'not done: fuzz-asan fuzz_program: process 1: killed by SIGKILL'),
				('usage', 2, 'INCOMPLETE', r'process 1: exit status 1 \(ERROR: no such directory'),
				('timeout', 2, 'INCOMPLETE', 'exit status 70 that its input alone does not show')):
			with self.subTest(what=what):
				self.expect(status, words, pattern, FUZZER=what)

	def test_timeout(self):
		"""a timeout that the input alone shows is a failure"""
		self.expect(1, 'FAIL', 'failed: fuzz-asan fuzz_program: .*timeout', FUZZER='timeout', FUZZER_AGAIN='1')

	def test_failing_seed(self):
		"""a seed that fails is told, and the night goes on without it"""
		text = self.expect(1, 'FAIL', 'corpus/seeds/bad.prog fails: goes on without it', FUZZER='seed')
		executed = re.search(r'fuzz-asan +fuzz_program +\S+ s +\d+ +\d+ +(\d+)', text)
		self.assertGreaterEqual(int(executed.group(1)), 900, text)
		self.assertTrue(os.path.exists(self.path('corpus/seeds/bad.prog')))


class Arguments(Case):
	def test_bad(self):
		for words in (['--seed', '08'], ['--seed', '-1'], ['--seed', '18446744073709551616'], ['--minutes', '0,5'],
			      ['--minutes', '0'], ['--minutes', '0.001'], ['--minutes', '-1'], ['--minutes', '525601'],
			      ['--threads', '0'], ['--threads', ' 4'], ['--see', '7'], ['what'], ['--seed'], ['--seed', '']):
			with self.subTest(words=words):
				status, text = self.hunt(*words)
				self.assertEqual(2, status)
				self.assertRegex(text, r'(?s)^usage: .*error: ')
				if words[0] == '--minutes':
					self.assertIn(f"takes minutes from 0.017 (a second) to 525600 (a year), not '{words[1]}'", text)
				self.assertFalse(os.path.exists(self.path('out/hunt')))

	def test_full_disk(self):
		"""no place for a directory: INCOMPLETE, at once"""
		os.makedirs(self.path('out/findings'))
		with open(self.path('out/hunt'), 'w', encoding='ascii'):
			pass
		status, text = self.hunt()
		self.assertEqual(2, status)
		self.assertIn('hunt: INCOMPLETE: ', text)


class Ending(Case):
	def left(self):
		with open(self.path('pids'), encoding='ascii') as file:
			return leftover.of(file.read().split(), 10)

	def wait_for(self, name):
		until = time.monotonic() + 30
		while not os.path.exists(self.path(name)) and time.monotonic() < until:
			time.sleep(0.02)
		self.assertTrue(os.path.exists(self.path(name)), f'no {name}')

	def test_signals(self):
		"""a signal ends it, children included, with a verdict, and no other phase begins"""
		for number in (signal.SIGINT, signal.SIGTERM):
			with self.subTest(signal=number.name):
				with self.begin('--minutes', '1', STRESS='hang') as process:
					self.wait_for('pids')
					process.send_signal(number)
					text = process.communicate()[0].decode()
				self.assertEqual(2, process.returncode, text)
				self.assertRegex(text, rf'tsan +one .* INCOMPLETE\n(?s:.*)not done: interrupted by {number.name}')
				self.assertRegex(text, r'asan +explore .* not run')
				self.assertRegex(text, r'hunt: INCOMPLETE minutes=1 ')
				self.assertEqual([], self.left())
				os.unlink(self.path('pids'))

	def test_found_before(self):
		"""what was found before a signal is shown and makes it FAIL"""
		self.engine('out/asan/stress', STRESS.replace('what=$STRESS\n', 'what=hang\n'))
		with self.begin('--minutes', '1', STRESS='fail') as process:
			self.wait_for('pids')
			process.terminate()
			text = process.communicate()[0].decode()
		self.assertEqual(1, process.returncode, text)
		self.assertIn('failed: tsan one: INV-X1', text)
		self.assertRegex(text, 'hunt: FAIL, INCOMPLETE ')

	def test_two(self):
		"""the second of two hunts refuses, and the first goes on"""
		with self.begin('--minutes', '1', STRESS='hang') as process:
			self.wait_for('pids')
			before = sorted(os.listdir(self.path('out/hunt')))
			status, text = self.hunt()
			self.assertEqual(2, status)
			self.assertIn(f'another hunt runs in this checkout (process {process.pid})', text)
			self.assertEqual(before, sorted(os.listdir(self.path('out/hunt'))))
			self.assertIsNone(process.poll())
			process.terminate()
			process.communicate()

	def test_earlier_runs_stay(self):
		self.hunt('--minutes', '0.02')
		first = os.readlink(self.path('out/hunt/latest'))
		time.sleep(1)
		self.hunt('--minutes', '0.02')
		self.assertNotEqual(first, os.readlink(self.path('out/hunt/latest')))
		self.assertTrue(os.path.exists(self.path(f'out/hunt/{first}/verdict')))


class Readme(unittest.TestCase):
	"""After a hunt every command that README names exists."""

	def test_commands(self):
		built = set(Core().ninja())
		for variant in ('fuzz-asan', 'fuzz-tsan'):
			built |= {f'out/{variant}/{name}' for name in ('fuzz_program', 'fuzz_model', 'fuzz_parse')}
		for name in ('README.md', 'fuzz/README.md', 'core/README.md'):
			with open(name, encoding='utf-8') as file:
				text = file.read()
			lines = [line for line in text.splitlines() if line.startswith('    ')]
			for word in re.findall(r'\bout/[\w-]+/[\w-]+(?![\w./-])', '\n'.join(lines)):
				if not re.match('out/(findings|hunt|fuzz|tree)/', word):
					self.assertIn(word, built, f'{name} names what scripts/hunt does not build')
			for word in re.findall(r'^    (scripts/\w+)', text, re.M):
				self.assertTrue(os.access(word, os.X_OK), word)

	def test_targets(self):
		"""and ninja knows all of it"""
		if not shutil.which('ninja') or not os.path.exists('out/toolchain.ninja'):
			self.skipTest('scripts/setup has not run')
		known = subprocess.run(['ninja', '-t', 'targets', 'all'], capture_output=True, check=True).stdout.decode()
		known = {line.partition(':')[0] for line in known.splitlines()}
		for seconds in (0, LONG):
			self.assertEqual([], [target for target in Core(seconds).ninja() if target not in known])

	def test_long(self):
		"""a long hunt explores with the faster build"""
		for seconds, directory in ((LONG - 1, 'out/dev'), (LONG, 'out/fast')):
			core = Core(seconds)
			self.assertEqual(core.explorations()[0].directory, directory)
			self.assertIn(f'{directory}/explore', core.ninja())
			arms = {arm.name: arm for arm in plan.CorePlan('', self.id(), seconds).arms()}
			self.assertEqual(arms['core explore dev surw'].command(1, 1, 'x', 1)[0], f'{directory}/explore')
			self.assertEqual(arms['core explore asan scouted'].scout, directory)


if __name__ == '__main__':
	tap.main(waits=(Case,))
