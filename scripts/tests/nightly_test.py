#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/nightly and scripts/findings. The engines are small scripts here that leave what a test wants;
night_bugs_test.py has a night of the real ones.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import types
import unittest

import home
from lib import nightly, tap
from lib.night.cause import Cause
from lib.night.ledger import Ledger

# What runs in the place of scripts/nightly: no setup, no build, no page, the engines of this directory.
DRIVER = f"""
import os, sys, time
sys.path.insert(0, {home.TOP + '/scripts'!r})
sys.dont_write_bytecode = True
from lib import job, nightly, start
from lib.night import disk, night, plan, tools
from lib.night.arms import Explore, Stress
night.SHORTEST = 1
tools.SEARCH = 1
disk.FLOOR = int(os.environ.get('FLOOR', 1 << 20))
real = plan.CorePlan.arms
plan.CorePlan.variants = tuple(os.environ.get('VARIANTS', 'dev').split())
class Fake(plan.CorePlan):
	def build(self, progress):
		pass
	def arms(self):
		if os.environ.get('REAL'):
			return [arm for arm in real(self) if arm.variant == 'dev']
		return [Explore('core explore dev', **self._common('dev')),
			Stress('core stress asan', lambda nr: ('out/asan', []), **self._common('asan'))]
nightly.CorePlan = Fake
nightly._setup = lambda progress: None
job.HARD_STOP = int(os.environ.get('HARD_STOP', job.HARD_STOP))
if not os.environ.get('PAGE'):
	def page(run, home):
		open('page.begun', 'w').close()
		time.sleep(float(os.environ.get('PAGE_TAKES', 0)))
	nightly.page = page
start.leave(start.guard(nightly.main, sys.argv[1:], 'nightly'))
"""

EXPLORE = r"""#!/bin/bash
near=
while [ $# -gt 0 ]; do case $1 in --json) json=$2 ;; --out) out=$2 ;; --near) near=1 ;; esac; shift; done
mkdir -p "$out"
echo x >>explore.runs
find() {	# CHECK STEP OPERATIONS [CAUSE]: a finding
	printf '# %s  core/x.c:%s\nprogram 1\n# step: %s\n# leaves: %s\ntask 0 @cpu0 { %s }\nexpect %s\n' \
		"$1" $((RANDOM % 90 + 1)) "$2" "$4" "$3" "$1" >"$out/$1-$RANDOM.prog"
}
for what in ${near:+$NEAR} $([ -n "$near" ] || echo $FIND); do
	case $what in
	a) find INV-X1 'takes A/1' 'map m0 0; reclaim m0 0' ;;
	a2) find INV-X1 'takes B/7' 'write m1 4; reclaim_folio f2' ;;
	b) find INV-X1 'moves A/1' 'hib_alloc A; hib_free; swapoff A' ;;
	c) find INV-X1 'takes A/1' 'map m0 0; reclaim m0 0' leaks ;;
	d) find INV-X2 'sleeps' 'map m0 0; reclaim m0 0' leaks ;;
	e) find INV-X1 'takes A/1' 'hib_alloc A; hib_free; swapoff A' leaks ;;
	hang) sleep 100 ;;
	esac
done
sleep "${SLOW-0}"
[ -z "$json" ] || echo '{"verdict": "'${VERDICT-PASS}'", "reason": "'$REASON'", "behaviours": 9, "done": {"schedules": '${DONE-50}', "seconds": 1}}' >"$json"
printf '      1 s  3 programs  50 schedules  50/s  9 behaviours  5 traces  0 failures\npath\tslept\t3\npath\tstole\t0\n'
"""

REPLAY = r"""#!/bin/bash
for last; do :; done
echo "$*" >>replay.runs
status=0
for file; do
	case $file in *.prog) ;; *) continue ;; esac
	check=$(sed -n 's/^expect \(INV[^ ]*\).*/\1/p' "$file")
	step=$(sed -n 's/^# step: //p' "$file")
	if [ -e fixed ]; then echo "PASSES $file: $check was expected"; status=1; continue; fi
	if [ -z "$check" ]; then echo "ok     $file: 9 points, hash 1"; continue; fi
	echo "ok     $file: $check as expected"
	leaves=$(sed -n 's/^# leaves: //p' "$file")
	case $*$leaves in *--full*leaks) printf '    %s\n' 'CPU 0 (task 0)' -------------- 'op1: map m0 0' '  f(A/1) {' "    $leaves" ;; esac
	case $* in *--svg*) echo '<svg xmlns="http://www.w3.org/2000/svg"></svg>' >"$2" ;; esac
	case $* in *--report*) printf 'FAIL  %s  core/x.c:7\n      must hold\n      1 is not 2\n\ninterleaving\n    CPU 0 (task 0)\n    --------------\n    op1: map\n      f(A/1) {\n%s        %s  <-- FAIL %s\n\nrepro replay\n' "$check" "${leaves:+        $leaves$'\n'}" "$step" "$check" ;; esac
done
exit $status
"""

SHRINK = r"""#!/bin/bash
while [ $# -gt 0 ]; do case $1 in -o) out=$2 ;; *.prog) in=$1 ;; esac; shift; done
echo x >>shrink.runs
[ -z "$LONG" ] || { sleep "$LONG"; echo ', out of time'; }
cp "$in" "$out"
"""

STRESS = r"""#!/bin/bash
if [ "$1" = --list ]; then printf 'one  first\ntwo  second\n'; exit 0; fi
while [ $# -gt 0 ]; do case $1 in --report) report=$2 ;; esac; shift; done
say() { echo '{"verdict": "'$1'", "seconds": 0.1, "operations": 100, "paths": {"rare": 1, "rarer": 0}}' >"$report"; }
case $STRESS in
fail) printf 'FAIL  INV-X1  core/x.c:7\n      must hold\n'; say FAIL; exit 1 ;;
*) say PASS ;;
esac
"""


class Case(home.Scratch):
	"""A checkout of its own, with engines that do what the environment says."""

	def setUp(self):
		super().setUp()
		os.makedirs(self.path('corpus/litmus'))
		with open(self.path('corpus/litmus/one.prog'), 'w', encoding='ascii') as file:
			file.write('program 1\n')
		for name, text in (('dev/explore', EXPLORE), ('dev/replay', REPLAY), ('dev/shrink', SHRINK),
				   ('asan/explore', EXPLORE), ('asan/replay', REPLAY), ('asan/shrink', SHRINK),
				   ('asan/stress', STRESS)):
			self.engine(f'out/{name}', text)

	def engine(self, name, text):
		os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
		with open(self.path(name), 'w', encoding='utf-8') as file:
			file.write(text)
		os.chmod(self.path(name), 0o755)

	def begin(self, *words, **env):
		return subprocess.Popen([sys.executable, '-c', DRIVER, *words], cwd=self.tmp, stdout=subprocess.PIPE,
					stderr=subprocess.STDOUT, env={**os.environ, **env})

	def night(self, status, word, *patterns, words=(), **env):
		"""A night of 7 s, each engine once, ends with a status and a word. Return: what it said."""
		words = words or ('--hours', '0.002', '--once')
		with self.begin(*words, '--seed', '7', **env) as process:
			text = process.communicate(timeout=120)[0].decode()
		last = text.strip().splitlines()[-1]
		self.assertEqual((status, word), (process.returncode, re.sub(r'^nightly: |,? (hours|dir)=.*', '', last)), text)
		for pattern in patterns:
			self.assertRegex(text, pattern)
		return text

	def show(self):
		"""What --show says."""
		run = subprocess.run([sys.executable, '-c', DRIVER, '--show'], cwd=self.tmp, capture_output=True, text=True, check=False)
		self.assertEqual(0, run.returncode, run.stderr)
		return run.stdout

	def ledger(self):
		return Ledger(self.path('out/nightly/findings'))

	def states(self):
		return sorted(entry.state for entry in self.ledger().entries.values())

	def findings(self, status, *words):
		driver = f"import sys; sys.path.insert(0, {home.TOP + '/scripts'!r}); from lib import start, findings; " \
			"start.leave(start.guard(findings.main, sys.argv[1:], 'findings'))"
		run = subprocess.run([sys.executable, '-c', driver, *words], cwd=self.tmp, capture_output=True, text=True,
				     check=False)
		self.assertEqual(status, run.returncode, run.stdout + run.stderr)
		return run.stdout + run.stderr


class Nights(Case):
	def test_pass(self):
		text = self.night(0, 'PASS', r'planned 7 s of 2 engines, done \d+ s, 2 slices of 2 engines; 0 new findings, 0 known, '
				  r'\d+ MB of 2048 MB used, page out/nightly/run/0001-\S+/report.html$')
		self.assertNotIn('FAIL', text)
		with open(self.path('out/nightly/run/latest/run.json'), encoding='utf-8') as file:
			facts = json.load(file)
		self.assertEqual(('PASS', 2, {'slept': 3, 'stole': 0, 'rare': 1, 'rarer': 0}),
				 (facts['verdict'], facts['done']['slices'], {**facts['paths'], 'slept': 3}))

	def test_one_entry_a_cause(self):
		"""two programs of one cause are an entry, another cause at the same place is another one"""
		text = self.night(1, 'FAIL', r'NEW  INV-X1-\w+  core/x.c', FIND='a a2 b')
		self.assertEqual(2, text.count('nightly: NEW '))
		self.assertEqual(['new', 'new'], self.states())
		for entry in self.ledger().entries.values():
			self.assertEqual('100 of 100', entry.replays)
			for ending in ('prog', 'txt', 'svg'):
				self.assertTrue(os.path.exists(self.path(f'out/nightly/finding/{entry.name}.{ending}')))

	def test_known(self):
		"""the same night again: known, and green"""
		self.night(1, 'FAIL', FIND='a b')
		first = {entry.name: entry.first for entry in self.ledger().entries.values()}
		text = self.night(0, 'PASS', '0 new findings, 2 known', FIND='a b')
		self.assertNotIn('NEW', text)
		self.assertEqual(first, {entry.name: entry.first for entry in self.ledger().entries.values()})
		self.assertEqual([2, 2], [entry.nights for entry in self.ledger().entries.values()])

	def test_not_shrunk(self):
		"""a night that is over while it shrinks ends, with the finding; the next one goes on, and tells nothing twice"""
		text = self.night(1, 'FAIL', r'NEW  INV-X1-\w+  core/x.c, not shrunk yet', '1 new findings, 0 known, [1-9] not shrunk yet',
				  words=('--hours', '0.002'), FIND='a', LONG='4')
		self.assertEqual(1, text.count('nightly: NEW '))
		self.assertEqual(['shrink'], [entry.todo for entry in self.ledger().entries.values()])
		self.night(0, 'PASS', r'0 new findings, 1 known, \d+ MB', words=('--hours', '0.002'), FIND='a')
		self.assertEqual(['known'], self.states())
		self.assertEqual([''], [entry.todo for entry in self.ledger().entries.values()])

	def test_waits(self):
		"""what could not be shrunk and fails where a known finding does is shrunk by the next night: another cause"""
		self.night(1, 'FAIL', FIND='a')
		text = self.night(0, 'PASS', '0 new findings, 1 known, [1-9] not shrunk yet', words=('--hours', '0.002'), FIND='b', LONG='4')
		self.assertNotIn('NEW', text)
		self.night(1, 'FAIL', r'NEW  INV-X1-\w+', '1 new findings, 1 known, ', words=('--hours', '0.002'))
		self.assertEqual(['known', 'new'], self.states())
		self.assertFalse([name for name in os.listdir(self.path('out/nightly/finding')) if name.endswith('.more')])

	def test_known_is_not_shrunk(self):
		"""what fails with the last steps of a known finding is that one, before it is shrunk"""
		self.night(1, 'FAIL', FIND='a')
		os.unlink(self.path('shrink.runs'))
		self.night(0, 'PASS', FIND='a a2')
		self.assertFalse(os.path.exists(self.path('shrink.runs')))

	def test_further_check(self):
		"""a known bug that another check sees, too: told once, and green"""
		self.night(1, 'FAIL', FIND='c')
		text = self.night(0, 'PASS', r'INV-X1-\w+, known, is now also seen as INV-X2-\w+  core/x.c  again: ', '0 new findings, 1 known',
				  FIND='c d')
		self.assertNotIn('NEW', text)
		self.assertNotIn('also seen', self.night(0, 'PASS', FIND='c d'))

	def test_form(self):
		"""what fails where a known bug does, by other steps, is listed below it and told once, and leaves the night green"""
		self.night(1, 'FAIL', FIND='a')
		text = self.night(0, 'PASS', r'INV-X1-\w+, known, is now also seen as INV-X1-\w+  core/x.c  again: ', '0 new findings, 1 known',
				  FIND='a e')
		self.assertNotIn('NEW', text)
		form = next(entry for entry in self.ledger().entries.values() if entry.of)
		self.assertEqual((True, '100 of 100'), ('perhaps another cause' in form.note, form.replays))
		self.assertNotIn('also seen', self.night(0, 'PASS', FIND='e a'))
		self.assertEqual(2, len(self.ledger().entries))

	def test_not_kept(self):
		"""what fails in one place more often than is kept to be shrunk is counted"""
		self.night(1, 'FAIL', r'[1-9] not shrunk yet \([1-9]\d* more not kept\)', words=('--hours', '0.002'), LONG='4',
			   FIND=' '.join(['b'] * 14))
		entry = next(iter(self.ledger().entries.values()))
		self.assertEqual((6, True), (len(os.listdir(self.path(f'out/nightly/finding/{entry.name}.more'))), entry.dropped > 0))

	def test_gone_and_back(self):
		"""what passes is gone, if nothing near it fails; what comes back is red"""
		self.night(1, 'FAIL', FIND='a')
		os.makedirs(self.path('corpus/litmus'), exist_ok=True)
		with open(self.path('fixed'), 'w', encoding='ascii'):
			pass
		shutil.rmtree(self.path('corpus/litmus'))
		self.night(0, 'PASS', r'INV-X1-\w+ is gone')
		self.assertEqual(['gone'], self.states())
		self.assertRegex(next(iter(self.ledger().entries.values())).gone, r'^\d{4}-\d\d-\d\d \d\d:\d\d unknown$')
		self.assertRegex(self.show(), r'first .* unknown, last .* unknown, gone \S+ \S+ unknown, 1 night\n')
		os.unlink(self.path('fixed'))
		self.night(1, 'FAIL', r'NEW  INV-X1-\w+  was gone \S+ \S+ unknown, came back')
		self.assertNotRegex(self.show(), 'gone .*, 2 nights')

	def test_fixed_and_back(self):
		self.night(1, 'FAIL', FIND='a')
		name = next(iter(self.ledger().entries))
		self.assertIn('fixed', self.findings(0, 'mark', name, 'fixed', 'by', 'abc'))
		self.night(1, 'FAIL', 'came back')
		self.assertEqual(['new'], self.states())

	def test_threads(self):
		"""what threads find is the entry at that place, or searched for, or an entry without a schedule"""
		self.night(1, 'FAIL', r'again: out/asan/stress --workload one', STRESS='fail')
		entry = next(iter(self.ledger().entries.values()))
		self.assertEqual(('', 'no schedule yet'), (entry.program, entry.note.split(':')[0]))
		self.night(0, 'PASS', FIND='a')		# an engine with a schedule meets it
		entry = next(iter(self.ledger().entries.values()))
		self.assertEqual(1, len(self.ledger().entries))
		self.assertTrue(entry.program)

	def test_threads_searched(self):
		self.night(1, 'FAIL', STRESS='fail', NEAR='a')
		entry = next(iter(self.ledger().entries.values()))
		self.assertTrue(entry.program and entry.shape)

	def test_incomplete(self):
		"""an engine that says nothing, or did nothing, is no pass; a finding wins"""
		self.night(2, 'INCOMPLETE', 'not done: core explore dev: a job died', VERDICT='INCOMPLETE', REASON='a job died')
		self.night(2, 'INCOMPLETE', 'not done: core explore dev: 0 schedules', DONE='0')
		self.night(2, 'INCOMPLETE', 'no verdict', VERDICT='DONE')
		self.night(1, 'FAIL, INCOMPLETE', FIND='a', DONE='0')

	def test_corpus(self):
		"""a program of the corpus that fails is a finding, one that does not fail as it should, too"""
		with open(self.path('corpus/litmus/two.prog'), 'w', encoding='ascii') as file:
			file.write('program 1\nexpect INV-X1\n')
		self.engine('out/dev/replay', REPLAY.replace('[ -e fixed ]', '[[ $file == *two.prog ]]'))
		self.night(1, 'FAIL', r'NEW  CORPUS-\w+  corpus/litmus/two.prog')
		self.night(0, 'PASS', '1 known')

	def test_one_at_a_time(self):
		with self.begin('--hours', '0.01', '--seed', '7', SLOW='20') as first:
			while not os.path.exists(self.path('explore.runs')):
				time.sleep(0.05)
			self.night(2, 'INCOMPLETE', r'another nightly runs in out/nightly \(process \d+\)')
			self.findings(2, 'mark', 'X', 'known')
			first.send_signal(signal.SIGTERM)
			text = first.communicate(timeout=30)[0].decode()
		self.assertEqual(2, first.returncode, text)
		self.assertIn('interrupted by SIGTERM; start it again, and it goes on', text)

	def interrupt(self, *words, when='explore.runs', slow='20', status=2, **env):
		"""A night that is interrupted while an engine runs, or later. Return: what it said."""
		with self.begin('--hours', '0.01', '--seed', '7', *words, SLOW=slow, **env) as process:
			while not os.path.exists(self.path(when)):
				time.sleep(0.05)
			process.send_signal(signal.SIGINT)
			text = process.communicate(timeout=30)[0].decode()
		self.assertEqual(status, process.returncode, text)
		return text

	def test_interrupted_once(self):
		"""--once does not resume, and does not say so"""
		self.assertRegex(self.interrupt('--once'), r'(?m)interrupted by SIGINT$')

	def test_interrupted_page(self):
		"""the page may take longer than what is stuck has, and the last line comes"""
		self.assertRegex(self.interrupt(HARD_STOP='1', PAGE_TAKES='1.5'), r'\nnightly: INCOMPLETE .*/report.html\n$')

	def test_interrupted_in_page(self):
		"""so it is if the signal comes when the page is being made"""
		self.assertRegex(self.interrupt(when='page.begun', slow='0', status=0, HARD_STOP='1', PAGE_TAKES='2.5'),
				 r'\nnightly: PASS .*/report.html\n$')

	def test_nowhere_to_write(self):
		with open(self.path('file'), 'w', encoding='ascii'):
			pass
		for place in ('file', 'file/below', '/proc/nightly'):
			with self.subTest(place=place):
				self.night(2, 'INCOMPLETE', f'cannot write in {place}: ', words=('--dir', place))

	def test_no_room(self):
		self.night(2, 'INCOMPLETE', r'only \d+ MB are left on the disk of out/nightly', FLOOR=str(1 << 60))

	def test_small_disk(self):
		"""a disk that fills up on the way: said, and what was found stays readable"""
		home = self.path('small')
		os.mkdir(home)
		if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=400k', 'none', home], capture_output=True,
				  check=False).returncode:
			self.skipTest('no mount: not root?')
		try:
			filler = "head -c 900000 /dev/zero >\"$out/../filler\" 2>/dev/null"
			self.engine('out/dev/explore', EXPLORE.replace('mkdir -p "$out"', f'mkdir -p "$out"; {filler}'))
			with self.begin('--hours', '0.002', '--once', '--dir', 'small', FIND='a', FLOOR='4096') as process:
				text = process.communicate(timeout=60)[0].decode()
			self.assertRegex(text, 'nightly: .*INCOMPLETE hours.*\n$')
			self.assertRegex(text, 'not done: .*(No space left|MB are left on the disk)')
			self.assertIn(process.returncode, (1, 2))
			Ledger(f'{home}/findings')
		finally:
			subprocess.run(['umount', '-l', home], check=True)

	def test_kept(self):
		"""old nights go; their history stays"""
		for _ in range(3):
			self.night(0, 'PASS', words=('--hours', '0.002', '--once', '--keep', '2'))
		runs = [name for name in os.listdir(self.path('out/nightly/run')) if name[0].isdigit()]
		self.assertEqual(['0002', '0003'], sorted(name[:4] for name in runs))
		with open(self.path('out/nightly/history'), encoding='ascii') as file:
			self.assertEqual([1, 2, 3], [json.loads(line)['night'] for line in file])
		self.assertRegex(self.show(), r'PASS  night 3, .*\n(.*\n)*nights: 1:PASS 2:PASS 3:PASS')

	def test_usage(self):
		for words in (('--hours', '-1'), ('--hours', '0'), ('--mutant', ''), ('--keep', '0'), ('--what',), ('x',)):
			run = subprocess.run([sys.executable, '-c', DRIVER, *words], cwd=self.tmp, capture_output=True, check=False)
			self.assertEqual(2, run.returncode, words)


class Kills(Case):
	def test_goes_on(self):
		"""killed in an engine: its finding is taken by the next start, which has the time that is left"""
		with self.begin('--hours', '0.003', '--seed', '7', FIND='a', SLOW='30') as first:
			while not os.path.exists(self.path('explore.runs')):
				time.sleep(0.05)
			time.sleep(0.3)
			first.kill()
		text = self.night(1, 'FAIL', 'goes on with out/nightly/run/0001', words=('--hours', '0.003'))
		self.assertEqual(1, text.count('nightly: NEW '))
		self.assertEqual(['new'], self.states())
		self.assertEqual(1, len([name for name in os.listdir(self.path('out/nightly/run')) if name[0].isdigit()]))
		self.night(0, 'PASS', '1 known', words=('--hours', '0.002', '--once'), FIND='a')


class Revision(unittest.TestCase):
	def test_tree(self):
		"""a tree in git has a commit and a version, as the first line of the night has them"""
		commit = '1a2b3c4d5e6f708090a0b0c0d0e0f00102030405'
		for more, revision in (({}, '7.3.4'), ({'changed': ['mm/swapfile.c']}, '7.3.4+'),
				       ({'source': {'commit': commit, 'dirty': []}}, '1a2b3c4d5e6f (7.3.4)'),
				       ({'source': {'commit': commit, 'dirty': ['mm/swapfile.c']}}, '1a2b3c4d5e6f+ (7.3.4)')):
			manifest = {'version': '7.3.4', 'source': {'path': '/linux'}, **more}
			plan = types.SimpleNamespace(code='linux', manifest=lambda manifest=manifest: manifest)
			self.assertEqual(revision, nightly._Revision([plan])('linux'))	# pylint: disable=protected-access


class List(Case):
	def test_commands(self):
		self.assertIn('no directory', self.findings(2, 'list'))
		self.night(1, 'FAIL', FIND='a b')
		names = sorted(self.ledger().entries)
		self.assertEqual(2, len(self.findings(0).splitlines()))
		self.assertEqual('', self.findings(0, 'list', 'fixed'))
		shown = self.findings(0, 'show', names[0])
		for part in ('finding ' + names[0], 'program 1', 'FAIL  INV-X1', 'replays: 100 of 100'):
			self.assertIn(part, shown)
		self.assertIn(f'near: {names[0]}', self.findings(2, 'show', names[0][:-1]))
		self.assertIn("no finding 'nope'; scripts/findings list names all of them", self.findings(2, 'show', 'nope'))
		for words in (('list', 'fxed'), ('mark', names[0], 'fxed')):
			self.assertIn("no state 'fxed'; near: fixed; there are new, known, fixed, gone", self.findings(2, *words))
		for words in (('list', 'old'), ('show',), ('mark', names[0]), ('mark', names[0], 'old'), ('reopen',), ('what',), ('part',),
			      ('join', names[0])):
			self.findings(2, *words)
		self.findings(0, 'mark', names[0], 'fixed')
		self.findings(0, 'reopen', names[0], 'still', 'there')
		entry = self.ledger().entries[names[0]]
		self.assertEqual(('known', 'still there'), (entry.state, entry.note))
		self.findings(0, 'join', names[1], names[0])
		self.assertEqual(1, len(self.ledger().mains()))
		self.assertIn(f'further check of {names[0]}', self.findings(0))
		for words, why in (((names[0], names[0]), 'it is the same entry'),
				   ((names[1], names[1]), 'it is the same entry'),
				   ((names[0], names[1]), f'that is a further check of {names[0]} itself')):
			self.assertIn(f'cannot be a further check of {words[1]}: {why}', self.findings(2, 'join', *words))
		ledger = self.ledger()
		for code in ('core', 'linux'):
			ledger.add(code, Cause('INV-X9  core/x.c', '', ''), born=1)
		ledger.write()
		other = {entry.code: entry.name for entry in ledger.entries.values() if entry.check == 'INV-X9'}
		self.assertIn('one is of core, the other of linux', self.findings(2, 'join', names[0], other['linux']))
		self.assertIn(f'it has further checks of its own: {names[1]}', self.findings(2, 'join', names[0], other['core']))
		self.findings(0, 'part', names[1], 'it', 'is', 'not')
		self.assertEqual(4, len(self.ledger().mains()))


if __name__ == '__main__':
	tap.main(waits=(Case,))
