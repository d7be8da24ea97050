#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the scripts share (scripts/lib): numbers, jobs, signals, files, locks, verdicts."""
import argparse
import io
import os
import signal
import subprocess
import sys
import time
import unittest

import home
from lib import files, job, leftover, libfuzzer, options, progress, start, tap, verdict

# A script that uses the library, for what only shows from outside; its body comes with the test.
SCRIPT = """
import sys, os, time, signal
sys.path.insert(0, 'scripts')
from lib import files, job, start, verdict
def main(argv):
{body}
start.leave(start.guard(main, sys.argv[1:], 'script'))
"""


def script(body):
	"""The words of a command that runs @body as main() of a script."""
	lines = ''.join(f'\t{line}\n' for line in body.strip().splitlines())
	return [sys.executable, '-c', SCRIPT.format(body=lines)]


class Scratch(home.Scratch):
	"""A test with a directory of its own."""

	def numbers(self, name, count):
		"""Waits until a file has @count process numbers; returns them."""
		until = time.monotonic() + 30
		while time.monotonic() < until:
			if os.path.exists(self.path(name)):
				with open(self.path(name), encoding='ascii') as file:
					text = file.read()
				if text.endswith('\n') and len(text.split()) >= count:
					return [int(word) for word in text.split()]
			time.sleep(0.01)
		raise AssertionError(f'{name} did not get its {count} numbers')

	def gone(self, pids):
		"""All of @pids end, within what a loaded machine needs to deliver a signal."""
		self.assertEqual([], leftover.of(pids, 10), 'processes are left')


class Numbers(unittest.TestCase):
	def refused(self, parse, *texts):
		for text in texts:
			with self.subTest(text=text), self.assertRaises(argparse.ArgumentTypeError):
				parse(text)

	def test_integer(self):
		parse = options.integer(0)
		for text, value in (('0', 0), ('8', 8), ('18446744073709551615', 2 ** 64 - 1)):
			self.assertEqual(value, parse(text))
		self.refused(parse, '', '08', '00', '+1', '-1', ' 1', '1 ', '1\n', '1.0', '1e3', '0x10', '\u0661',
			     '18446744073709551616', '9' * 1000, 'x', '1_000')
		self.refused(options.integer(1, 99), '0', '100')

	def test_number(self):
		parse = options.number(0.5, 100)
		for text, value in (('0.5', 0.5), ('2', 2), ('99.999', 99.999)):
			self.assertEqual(value, parse(text))
		self.refused(parse, '', '.5', '1.', '0,5', '00.5', '-1', '1e1', 'nan', 'inf', '0.4', '101', ' 1')

	def test_parser(self):
		"""a bad number, an abbreviation and an empty name end with 2 and a message"""
		parser = options.Parser('x', 'text')
		parser.add_argument('--seed', type=options.integer(0))
		parser.add_argument('--name', type=options.word)
		for words in (['--seed', '08'], ['--see', '8'], ['--name', ''], ['--seed'], ['what']):
			with self.subTest(words=words):
				stderr, sys.stderr = sys.stderr, io.StringIO()
				try:
					with self.assertRaises(SystemExit) as end:
						parser.parse_args(words)
					text = sys.stderr.getvalue()
				finally:
					sys.stderr = stderr
				self.assertEqual(2, end.exception.code)
				self.assertRegex(text, r'usage: scripts/x[^$]*error: ')
				self.assertEqual(words[0] == '--see', 'near: --seed' in text, text)
		self.assertEqual(8, parser.parse_args(['--seed', '8']).seed)


class Jobs(Scratch):
	def test_status(self):
		self.assertEqual(0, job.run(['true']).status)
		self.assertEqual('exit status 3', job.run(['sh', '-c', 'exit 3']).words())
		self.assertEqual('killed by SIGSEGV', job.run(['sh', '-c', 'kill -SEGV $$']).words())

	def test_no_such_program(self):
		with self.assertRaises(start.Trouble):
			job.run([self.path('nothing')])

	def test_time(self):
		"""what ignores SIGTERM is killed when its time is over, with what it started"""
		ended = job.run(['bash', '-c', f'trap "" TERM; sleep 1000 & echo $$ $! >{self.path("pids")}; wait'],
				seconds=0.5)
		self.assertTrue(ended.timed_out)
		self.assertEqual(-signal.SIGKILL, ended.status)
		self.gone(self.numbers('pids', 2))

	def test_leftovers(self):
		"""what a program leaves behind ends with it"""
		job.run(['bash', '-c', f'sleep 1000 & echo $! >{self.path("pids")}'])
		self.gone(self.numbers('pids', 1))

	def test_locale(self):
		old = os.environ.get('LC_ALL')
		os.environ['LC_ALL'] = 'de_DE.UTF-8'
		try:
			self.assertEqual('C.UTF-8\n', job.output(['sh', '-c', 'echo $LC_ALL']))
		finally:
			if old is None:
				del os.environ['LC_ALL']
			else:
				os.environ['LC_ALL'] = old

	def test_environment(self):
		self.assertEqual('1 -\n', job.output(['sh', '-c', 'echo $A ${HOME--}'],
						     env={'A': '1', 'HOME': None}))

	def test_output_of_failure(self):
		with self.assertRaisesRegex(start.Trouble, '(?s)exit status 2.*what it said'):
			job.output(['sh', '-c', 'echo what it said; exit 2'])

	def test_wait(self):
		"""several at a time: wait() gives each back once"""
		jobs = [job.Job(['sleep', text]) for text in ('0.3', '0.1', '0.2')]
		ended = []
		while len(ended) < 3:
			ended += job.wait(30)
		self.assertEqual(sorted(each.pid for each in jobs), sorted(each.pid for each in ended))
		self.assertEqual([], job.wait(0))

	def test_tick(self):
		"""ticks come while a program runs: it waits for the second one, for a minute at most"""
		ticks = []

		def tick():
			ticks.append(1)
			if len(ticks) == 2:
				with open(self.path('two'), 'w', encoding='ascii'):
					pass

		wait = 'for try in $(seq 3000); do [ ! -e "$1" ] || exit 0; sleep 0.02; done; exit 1'
		ended = job.run(['bash', '-c', wait, 'bash', self.path('two')], tick=tick, every=0.05)
		self.assertEqual(0, ended.status)


class Ending(Scratch):
	"""A script with two programs, one of which ignores SIGTERM and has a child of its own."""

	def begin(self, body):
		return subprocess.Popen(script(body), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

	def body(self):
		stubborn = f'trap "" TERM INT; sleep 1000 & echo $$ $! >>{self.path("pids")}; wait; wait'
		return f"""
job.Job(['bash', '-c', '''{stubborn}'''])
job.run(['bash', '-c', 'echo $$ >>{self.path("pids")}; exec sleep 1000'])
"""

	def test_signals(self):
		"""SIGINT, SIGTERM, SIGHUP: status 2, INCOMPLETE, nothing is left"""
		for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
			with self.subTest(signal=number.name):
				with self.begin(self.body()) as process:
					pids = self.numbers('pids', 3)
					process.send_signal(number)
					text = process.communicate()[0].decode()
				self.assertEqual(2, process.returncode)
				self.assertIn(f'INCOMPLETE: {number.name}', text)
				self.gone(pids)
				os.unlink(self.path('pids'))

	def test_kill(self):
		"""SIGKILL: the programs and their children die with the script"""
		with self.begin(self.body()) as process:
			pids = self.numbers('pids', 3)
			process.kill()
			process.communicate()
		self.gone(pids)

	def test_stuck(self):
		"""a script that is stuck ends all the same"""
		with self.begin(f"""
job.Job(['bash', '-c', 'echo $$ >{self.path("pids")}; exec sleep 1000'])
while True: time.sleep(1)
""") as process:
			pids = self.numbers('pids', 1)
			process.terminate()
			process.communicate()
		self.assertEqual(2, process.returncode)
		self.gone(pids)

	def test_ignored(self):
		"""SIGHUP that is ignored (nohup) stays ignored"""
		with self.begin("""
signal.signal(signal.SIGHUP, signal.SIG_IGN)
job._wake = None
job.take_signals()
job.run(['sh', '-c', 'kill -HUP $PPID'])
print('went on')
return 0
""") as process:
			text = process.communicate()[0].decode()
		self.assertEqual((0, 'went on\n'), (process.returncode, text))


class Statuses(Scratch):
	"""Status 1 is for a failure found, whatever happens to a script."""

	def expect(self, status, text, body, **more):
		ended = subprocess.run(script(body), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
				       check=False, **more)
		self.assertEqual(status, ended.returncode, ended.stdout.decode())
		self.assertIn(text, ended.stdout.decode())

	def test_statuses(self):
		self.expect(0, '', 'return 0')
		self.expect(1, '', 'return 1')
		self.expect(2, '', 'return 3')
		self.expect(2, 'script: no luck', "raise start.Trouble('no luck')")
		self.expect(2, 'ZeroDivisionError', '1 / 0')
		self.expect(2, 'No space left', "open('/dev/full', 'w', buffering=1).write('x\\n')")

	def test_bad_module(self):
		ended = subprocess.run(['scripts/lib/python', 'nothing'], capture_output=True, check=False)
		self.assertEqual(2, ended.returncode)

	def test_nobody_reads(self):
		read, write = os.pipe()
		os.close(read)
		ended = subprocess.run(script("print('x' * 100000)\nreturn 0"), stdout=write,
				       stderr=subprocess.PIPE, check=False)
		os.close(write)
		self.assertEqual((2, b''), (ended.returncode, ended.stderr))


class Verdicts(unittest.TestCase):
	def test_words(self):
		for failures, reasons, word, status in ((0, 0, 'PASS', 0), (1, 0, 'FAIL', 1),
							(0, 1, 'INCOMPLETE', 2), (1, 1, 'FAIL, INCOMPLETE', 1)):
			what = verdict.Verdict('x', 'seed=7')
			for _ in range(failures):
				what.fail('it broke')
			for _ in range(reasons):
				what.incomplete('no space')
			what.amount('3 runs', '2 runs')
			text = what.text()
			self.assertEqual(status, what.status)
			self.assertTrue(text.endswith(f'x: {word} seed=7, planned 3 runs, done 2 runs'), text)
			self.assertEqual(failures, text.count('failed: it broke'))
			self.assertEqual(reasons, text.count('not done: no space'))


class Terminal(io.StringIO):
	def isatty(self):
		return True


class ProgressLines(unittest.TestCase):
	def test_log(self):
		"""a log has plain lines, not more than one in the time given"""
		stream = io.StringIO()
		shown = progress.Progress('x', every=1000, stream=stream)
		for n in range(5):
			shown.live(f'{n}')
		shown.live('phase', now=True)
		shown.say('said')
		self.assertEqual('x: 0\nx: phase\nx: said\n', stream.getvalue())

	def test_terminal(self):
		"""a terminal has one line, no longer than it is wide, which goes away"""
		stream = Terminal()
		os.environ['TERM'] = 'xterm'
		shown = progress.Progress('x', stream=stream)
		shown.live('y' * 1000)
		shown.line('said')
		self.assertEqual('\r\033[Kx: ' + 'y' * 76 + '\r\033[Ksaid\n', stream.getvalue())


class Files(Scratch):
	def test_write(self):
		path = self.path('file')
		files.write(path, 'one')
		files.write(path, b'two')
		with open(path, encoding='ascii') as file:
			self.assertEqual('two', file.read())
		self.assertEqual(['file'], os.listdir(self.tmp))

	def test_only_regular_files(self):
		os.mkfifo(self.path('fifo'))
		os.symlink('/dev/full', self.path('link'))
		for path in (self.path('fifo'), self.tmp, '/dev/full', self.path('link')):
			with self.subTest(path=path), self.assertRaises(start.Trouble):
				files.write(path, 'x')
		self.assertTrue(os.path.islink(self.path('link')))

	def test_no_space(self):
		"""a disk that is full: an error, the old content, nothing beside it"""
		path = self.path('file')
		files.write(path, 'old')
		body = f"""
import resource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
files.write({path!r}, 'x' * 1000)
return 0
"""
		ended = subprocess.run(script(body), capture_output=True, check=False)
		self.assertEqual(2, ended.returncode, ended.stderr)
		self.assertIn(b'INCOMPLETE', ended.stderr)
		with open(path, encoding='ascii') as file:
			self.assertEqual('old', file.read())
		self.assertEqual(['file'], os.listdir(self.tmp))

	def test_json(self):
		path = self.path('json')
		for text, value in (('', None), ('{"a": 1', None), ('[]', None), ('{"a": 1}', {'a': 1})):
			files.write(path, text)
			self.assertEqual(value, files.read_json(path))
		self.assertIsNone(files.read_json(self.path('nothing')))

	def test_run_directories(self):
		"""a directory a run, the latest linked, the oldest go"""
		for n in range(4):
			os.makedirs(self.path(f'2020010{n}-000000-1'))
		os.makedirs(self.path('mine'))
		path, removed = files.run_directory(self.tmp, keep=3)
		self.assertEqual(['20200100-000000-1', '20200101-000000-1'], removed)
		self.assertEqual(os.path.realpath(path), os.path.realpath(self.path('latest')))
		self.assertTrue(os.path.isdir(self.path('mine')))

	def test_lock(self):
		"""two hold no lock at a time; one that is killed lets go, whatever its programs do"""
		path = self.path('lock')
		with subprocess.Popen(script(f"""
lock = files.Lock({path!r})
print(lock.take(), flush=True)
job.run(['sleep', '1000'])
"""), stdout=subprocess.PIPE) as process:
			self.assertEqual(b'True\n', process.stdout.readline())
			lock = files.Lock(path)
			self.assertFalse(lock.take())
			self.assertEqual(f'process {process.pid}', lock.holder())
			process.kill()
			process.communicate()
		until = time.monotonic() + 10
		while not lock.take() and time.monotonic() < until:
			time.sleep(0.01)
		self.assertEqual(f'process {os.getpid()}', lock.holder())
		lock.release()


FUZZER = """#!/bin/bash
for arg; do case $arg in -seed=*) seed=${arg#*=} ;; -*) ;; *) corpus=${corpus:-$arg} ;; esac; done
through() { printf '#2\\tINITED cov: 5 ft: 6 corp: 2/9b\\n'; }
done_() { echo 'stat::number_of_executed_units: 9'; exit "$1"; }
if [ "$seed" = 1 ]; then
	printf 'FAIL  INV-X3  core/x.c:9\\nseed %s/bad fails: goes on without it\\n' "$corpus"
	through; sleep 3; echo 'fuzz_program: seeds that fail: 1'; done_ 77
fi
sleep 3	# it has read the names, and reads the files now
[ -e "$corpus/bad" ] || { echo 'No such directory'; exit 1; }
through; done_ 0
"""


class Fuzzers(Scratch):
	"""lib.libfuzzer with a target that is a script."""

	def test_seed_that_fails(self):
		"""a file of the corpus that fails stays there while another process may read it"""
		os.mkdir(self.path('corpus'))
		os.mkdir(self.path('findings'))
		for name, text in (('corpus/bad', 'x'), ('fuzz_program', FUZZER)):
			with open(self.path(name), 'w', encoding='ascii') as file:
				file.write(text)
		os.chmod(self.path('fuzz_program'), 0o755)
		quiet = progress.Progress('fuzz', stream=io.StringIO())
		session = libfuzzer.Session(self.path('fuzz_program'), 4, 2, 1, self.path('corpus'), self.tmp, self.path('findings'), quiet)
		session.run()
		self.assertEqual(([], ['FAIL INV-X3']), (session.reasons, [' '.join(name.split()[:2]) for name in
									   ('FAIL ' + failure for failure in session.failures)]))
		self.assertEqual((False, True), (os.path.exists(self.path('corpus/bad')), os.path.exists(self.path('findings/seeds/bad'))))


if __name__ == '__main__':
	tap.main()
