#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Hundreds of bad inputs to all programs and scripts. Each ends with 2 and a message that names what
is wrong: the option, or the file with line and column. None takes 2 s of CPU or 300 MB, none waits
for anything, and none sends what a terminal would obey.
"""
import glob
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import unittest

import home		# noqa: F401
from lib import tap

CPU, MEMORY = 2, 300 << 10		# seconds; KiB
HANGS = 120				# seconds: not how long it may take, but when it is given up
FEWEST = 600				# inputs in all
GOOD = 'corpus/litmus/alloc-steal.prog'

NO_NUMBERS = ['', ' ', '-1', '+1', ' 1', '1 ', '08', '0x', '1a', 'x', '1.5.2', '1,5', '18446744073709551616',
	      '9' * 400, '\x1b[31m', '1\n', '١']
NO_SECONDS = ['0', 'inf', 'nan', '1e3', '0x10', '.5', '5.', '00.5', '10000001']
# of each program: its options that take a whole number, then those that take seconds
NUMBERS = {
	'explore': (['seed', 'schedules', 'per-program', 'depth', 'bound', 'switch', 'jobs', 'worth-max'], ['seconds']),
	'replay': (['times'], []),
	'shrink': (['jobs'], ['max-seconds']),
	'play': (['times', 'noise', 'watchdog'], []),
	'seed': (['generate'], []),
	'stress': (['threads', 'ops', 'seed', 'slots', 'count-bits', 'cpus', 'noise', 'watchdog'], ['seconds']),
}
NO_MUTANTS = ['', 'nosuch', 'seed-v1-z', 'seed v1', '\x1b[2J', 'x' * 5000, '-', '*', 'SEED-V1-A']
# option and program of what is written, with what makes the command line whole
OUTPUTS = [('explore', '--json', ['--schedules', '1']), ('explore', '--out', ['--schedules', '1']),
	   ('explore', '--worth', ['--schedules', '1']),
	   ('replay', '--svg', [GOOD]), ('shrink', '-o', [GOOD]), ('stress', '--report', ['--ops', '1']),
	   ('seed', '-o', ['--generate', '1'])]
SCRIPTS = {
	'fuzz': [['--minutes', 'x'], ['--minutes', '0'], ['--minutes', '08'], ['--minutes', '-1'], ['--jobs', '0'],
		 ['--jobs', '+1'], ['--jobs', ''], ['--variant', 'dev'], ['nothing'], ['a', 'b'], ['--nosuch']],
	'hunt': [['--minutes', 'x'], ['--minutes', '0'], ['--minutes', '1,5'], ['--seed', '08'], ['--seed', '-1'],
		 ['--seed', '99999999999999999999'], ['--threads', '0'], ['--threads', '65'], ['--nosuch'], ['what']],
	'nightly': [['--hours', 'x'], ['--hours', '-1'], ['--seed', '08'], ['--disk', '1'], ['--dir', ''], ['what']],
	'bisect': [['--nosuch'], ['/nosuch', 'a', 'b'], [GOOD, 'a', 'b']],
	'findings': [['--nosuch'], ['what'], ['mark', 'x'], ['list', 'x'], ['show']],
	'minimize': [['--nosuch'], ['/nosuch'], ['--out']],
	'soak': [['--seeds', 'x'], ['--nosuch'], ['--seconds']],
	'tidy': [['--nosuch'], ['--root'], ['--root', '/nosuch']],
	'coverage': [['--nosuch']],
	'bench': [['--nosuch'], ['nosuch'], ['--mutant', ''], ['--mutant', 'seed.v1.a'], ['--mutant', '.*'], ['--seconds', '08'],
		  ['--runs', '99999999999999999999'], ['--jobs', '0']],
	'setup': [['--nosuch']],
	'test': [['--nosuch']],
}


def _limits():
	resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))


class BadInputs(unittest.TestCase):
	"""A row is a command line and what its message must hold."""

	total = 0

	@classmethod
	def setUpClass(cls):
		directory = tempfile.TemporaryDirectory()
		cls.addClassCleanup(directory.cleanup)
		cls.tmp = directory.name
		cls.random = random.Random(8)

	def path(self, name):
		"""A name in the test's directory."""
		return os.path.join(self.tmp, name)

	def refused(self, argv, pattern, env=None):
		"""Runs a row. Return: None, or what is wrong."""
		type(self).total += 1
		said = self.path('said')
		with open(said, 'wb') as out:
			process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
						   preexec_fn=_limits, start_new_session=True,
						   env={**os.environ, **(env or {})})
			try:
				process.wait(HANGS)
			except subprocess.TimeoutExpired:
				os.killpg(process.pid, 9)
				process.wait()
				return 'it hangs'
		with open(said, encoding='utf-8', errors='backslashreplace') as file:
			text = file.read()
		if process.returncode != 2:
			return f'status {process.returncode}, not 2: {text[-300:]}'
		if not re.search(pattern, text):
			return f'no {pattern!r} in {text[:300]!r}'
		if re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f]', text):
			return f'a control character in {text[:300]!r}'
		return None

	def all_refused(self, rows):
		"""Runs rows; fails with those that are wrong."""
		before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		wrong = [f'{argv}: {why}' for argv, pattern, *env in rows
			 if (why := self.refused(argv, pattern, *env))]
		peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		if peak > max(before, MEMORY):
			wrong.append(f'one of them took {peak >> 10} MB')
		self.assertFalse(wrong, f'{len(wrong)} of {len(rows)}: ' + '; '.join(wrong)[:3000])

	# --- programs -------------------------------------------------------------------------

	def test_numbers(self):
		"""numbers that are none, of each option of each program"""
		rows = []
		for program, (numbers, seconds) in NUMBERS.items():
			rows += [([f'out/dev/{program}', f'--{option}', bad], f'--{option}: a (number|power)')
				 for option in numbers for bad in NO_NUMBERS]
			rows += [([f'out/dev/{program}', f'--{option}', bad], f'--{option}: a number of seconds above 0')
				 for option in seconds for bad in NO_NUMBERS + NO_SECONDS]
		self.all_refused(rows)

	def test_mutants(self):
		"""mutants that are none, in options, environment and files"""
		rows = [([f'out/dev/{program}', '--mutant', bad], 'no mutant or group|the name of a mutant is empty')
			for program in ('explore', 'replay', 'shrink', 'play', 'stress') for bad in NO_MUTANTS]
		if os.path.exists('out/fuzz-asan/fuzz_program'):
			rows += [(['out/fuzz-asan/fuzz_program', '-runs=1'], 'no mutant or group|is empty',
				  {'SWAPHAMMER_MUTANT': bad}) for bad in NO_MUTANTS]
		for nr, bad in enumerate(NO_MUTANTS):
			path = self.path(f'mutant-{nr}.prog')
			with open(path, 'w', encoding='utf-8') as file:
				file.write(f'program 1\ntask 0 @cpu0 {{ drain }}\nexpect WARN with mutant {bad}\n')
			rows.append((['out/dev/replay', path], f'^{path}:3:25: expected the id of a mutant'))
		self.all_refused(rows)

	def test_names(self):
		"""strategies, workloads, tables and options that do not exist"""
		rows = [(['out/dev/explore', '--strategy', bad], '--strategy: expected a name from --list')
			for bad in ('', 'pcd', 'PCT', '\x1b[31m', 'random ')]
		rows += [(['out/dev/stress', '--workload', bad], '--workload: no workload')
			 for bad in ('', 'kbuilt', '\x1b[31m', 'KBUILD')]
		rows += [(['out/dev/stress', '--table', bad], '--table: page or slab')
			 for bad in ('', 'heap', '\x1b[31m')]
		rows += [([f'out/dev/{program}', bad], 'unrecognized option|invalid option')
			 for program in NUMBERS for bad in ('--nosuch', '--nosuch=1', '-Q', '--\x1b[31m', '-\x1b')]
		rows += [([f'out/dev/{program}', '--mutant'], 'requires an argument')
			 for program in ('explore', 'replay', 'shrink', 'play', 'stress')]
		self.all_refused(rows)

	def test_outputs(self):
		"""places that nothing can be written to"""
		os.mkdir(self.path('dir'))
		os.mkfifo(self.path('out-fifo'))
		os.symlink('nowhere', self.path('link'))
		with open(self.path('file'), 'w', encoding='utf-8') as file:
			file.write('as it was')
		places = ['', '/dev/full', '/dev/null/x', self.path('none/x/y') + '/', self.path('out-fifo'),
			  self.path('file/x'), '/proc/x', '/' + 'x' * 300]
		rows = []
		for program, option, more in OUTPUTS:
			directory = (program, option) in (('explore', '--out'), ('explore', '--worth'), ('seed', '-o'))
			for place in places + ([self.path('file')] if directory else [self.path('dir'), self.path('link')]):
				if directory and place == self.path('none/x/y') + '/':
					continue	# is made
				rows.append(([f'out/dev/{program}', option, place, *more], 'is |No |Not |too |out|seed|worth'))
		self.all_refused(rows)
		with open(self.path('file'), encoding='utf-8') as file:
			self.assertEqual('as it was', file.read())
		self.assertTrue(os.path.islink(self.path('link')))

	def test_files(self):
		"""what is no program, or no file"""
		os.mkdir(self.path('directory'))
		os.mkfifo(self.path('fifo'))
		with open(self.path('sparse'), 'wb') as file:
			file.truncate(1 << 40)
		with open(self.path('noise'), 'wb') as file:
			file.write(self.random.randbytes(1 << 20))
		with open(self.path('zeros'), 'wb') as file:
			file.truncate(100 << 20)
		with open(self.path('empty'), 'wb'):
			pass
		names = [self.path(name) for name in ('directory', 'fifo', 'sparse', 'noise', 'zeros', 'empty', 'none',
						      'a\x1b[31m')] + ['/dev/zero', '/dev/stdin', '', '/proc/self/mem']
		rows = []
		for program, more in (('explore', ['--schedules', '1']), ('replay', []), ('play', []),
				      ('shrink', ['-o', self.path('small.prog')]), ('seed', ['-o', self.path('seeds')])):
			rows += [([f'out/dev/{program}', *more, name], ': (is |No such|expected|.*error)|:1:1: expected')
				 for name in names]
		self.all_refused(rows)
		self.assertFalse(os.path.exists(self.path('small.prog')))

	def test_programs(self):
		"""programs with a word that does not belong there: line and column are its own"""
		rows = []
		sources = sorted(glob.glob('corpus/litmus/*.prog'))
		for nr in range(150):
			with open(self.random.choice(sources), encoding='utf-8') as file:
				lines = file.read().split('\n')
			words = [(line, word) for line, text in enumerate(lines) if '#' not in text
				 for word in re.finditer(r'[^\s;{}]+', text)]
			line, word = self.random.choice(words)
			bad = self.random.choice(['?!', '\x01', '\x1b[31m', 'é', '=', '->->', '18446744073709551617x'])
			lines[line] = lines[line][:word.start()] + bad + lines[line][word.end():]
			path = self.path(f'{nr}.prog')
			with open(path, 'w', encoding='utf-8') as file:
				file.write('\n'.join(lines))
			program = self.random.choice(['replay', 'play', 'explore'])
			rows.append(([f'out/dev/{program}', path], f'^{path}:{line + 1}:[0-9]+: expected '))
		self.all_refused(rows)

	def test_cut(self):
		"""programs that end in the middle of a word, a task, a choice"""
		with open(GOOD, encoding='utf-8') as file:
			text = file.read()
		body = text[text.index('task'):]
		rows = []
		for nr in range(20):
			path = self.path(f'cut-{nr}.prog')
			end = self.random.randrange(1, body.index('}'))
			with open(path, 'w', encoding='utf-8') as file:
				file.write('program 1\n' + body[:end])
			rows.append((['out/dev/replay', path], f'^{path}:[0-9]+:[0-9]+: expected '))
		self.all_refused(rows)

	# --- scripts --------------------------------------------------------------------------

	def test_scripts(self):
		"""bad command lines of the scripts"""
		self.all_refused([([f'scripts/{script}', *argv], '.') for script, lines in SCRIPTS.items()
				  for argv in lines if os.path.exists(f'scripts/{script}')])

	def test_zz_total(self):
		"""these are hundreds of inputs"""
		if len(sys.argv) > 1:
			self.skipTest('only some of the tests were asked for')
		self.assertGreaterEqual(self.total, FEWEST)


if __name__ == '__main__':
	tap.main()
