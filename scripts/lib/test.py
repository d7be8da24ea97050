# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/test. A test is a program that is built from one *_test.c, by whatever rule, in dev, asan
and tsan; or a script scripts/tests/*.sh or *_test.py, which prints "ok - NAME" or
"not ok - NAME: WHY" for each of its tests and exits 1 if one failed. Of each of them a result must
be seen, in each variant where it belongs, or the run fails.
"""
import glob
import os
import re
import shutil
import time

from lib import build, files, formats, graph, job, options
from lib.progress import Progress
from lib.results import KNOWN, Results
from lib.start import Interrupted, Trouble
from lib.trees import checks
from lib.trees import test as trees
from lib.verdict import Verdict

LOGS = 'out/test'
# tests that take Debian's tree, each with changes of its own
OF_TREES = {f'scripts/tests/{name}_test.py' for name in ('bisect', 'generations', 'linux', 'tree', 'tree_checks', 'tree_patch', 'two_cores')}
TEXT = """\
Sets up, builds every variant, runs every test. The output is TAP. The last line is "N passed, N failed", with
", N skipped" if tests were skipped; the lines before it give each reason. Logs are in out/test/.

With --tree it tests a kernel tree instead. It replays the programs of the corpus on the tree as it is. On the
tree with the fixes of the known flaws, so that these do not hide others, it replays the programs again, explores,
and runs each workload of stress and libFuzzer on the seeds. A known flaw that shows is named in its line and at
the end, and is not a failure.

Exit status: 0 all tests passed; 1 a test failed, or gave no result; 2 the tests could not be run: bad usage,
something is missing, the build failed, interrupted."""


def _pattern(text):
	"""For `type=`: a regular expression."""
	try:
		return re.compile(options.word(text))
	except re.error as error:
		raise options.argparse.ArgumentTypeError(f"'{text}': {error}") from error


def _parse(argv):
	parser = options.Parser('test', TEXT)
	parser.add_argument('--variant', action='append', choices=graph.VARIANTS, metavar='NAME',
			    help='build and run this variant only, of: ' + ' '.join(graph.VARIANTS))
	parser.add_argument('--jobs', type=options.integer(1, 1024), metavar='N',
			    default=len(os.sched_getaffinity(0)),
			    help='test programs at a time (default: one per CPU)')
	parser.add_argument('--list', action='store_true',
			    help='print what would run, and stop')
	parser.add_argument('--ktap', metavar='FILE', type=options.word,
			    help="write the results as KTAP, too, for the kernel's kunit.py parse")
	parser.add_argument('--junit', metavar='FILE', type=options.word,
			    help='write the results as JUnit XML, too, for CI systems')
	parser.add_argument('pattern', type=_pattern, nargs='?', metavar='PATTERN',
			    help='run only tests whose source or program matches this regular '
			    'expression, e.g. swap_mutant or tests/tidy; with --tree, only tests whose line '
			    'matches it, e.g. "tsan.*stress"')
	parser.add_argument('--tree', type=options.word, metavar='TREE',
			    help='test this kernel tree: a NAME of out/tree, or what scripts/tree takes, e.g. debian')
	args = parser.parse_args(argv)
	for variant in args.variant or [] if args.tree else []:
		if variant not in trees.VARIANTS:
			parser.error(f"--variant {variant}: a tree is tested in {', '.join(trees.VARIANTS)}")
	return args


class Test:
	"""
	A test program: what it is called, what is run, and what came out.

	@program: its path; None if nothing builds it
	@source: the *_test.c, or the script
	@variant: None for a script
	"""

	def __init__(self, program, source, variant=None):
		self.program = program
		self.source = source
		self.variant = variant
		self.name = os.path.basename(program or source)
		if variant:
			self.name = f'{variant}: {self.name if program else source}'
		self.log = os.path.join(LOGS, self.name.replace(': ', '.').replace('/', '.') + '.log')
		self.seconds = 900 if variant else 1500	# at most
		self.job = None
		self.results = None

	def matches(self, pattern):
		"""Whether PATTERN asks for it."""
		return pattern is None or any(pattern.search(path) for path in
					      (self.source, self.program) if path)

	def start(self):
		"""Starts it. A script that cannot be executed has no result."""
		env = {'CMOCKA_MESSAGE_OUTPUT': 'TAP'}
		self.job = job.Job([self.program], log=self.log, env=env, default_signals=True)

	def late(self):
		"""Whether it has had its time."""
		return time.monotonic() - self.job.began > self.seconds

	def end(self):
		"""Reads what it said. Return: its output."""
		with open(self.log, encoding='utf-8', errors='replace') as file:
			text = file.read()
		self.results = Results(text, self.job.words() if self.job.status else None)
		return text


def find(variants, pattern):
	"""
	All tests, those that nothing builds included.

	@variants: those that were asked for
	@pattern: PATTERN or None

	Return: a list of Tests, the scripts first: they take longest. Raises: Trouble.
	"""
	programs = graph.test_programs()
	scripts = sorted(glob.glob('scripts/tests/*.sh') + glob.glob('scripts/tests/*_test.py'))
	tests = [Test(path, path) for path in scripts]
	sources = graph.test_sources()
	for variant in variants:
		belong = sources if variant in graph.TESTED else []
		built = {source for v, source in programs if v == variant}
		tests += [Test(programs.get((variant, source)), source, variant)
			  for source in sorted({*belong, *built})]
	return [test for test in tests if test.matches(pattern)]


class Run:
	"""The tests as they run, some at a time, and what is counted."""

	def __init__(self, tests, jobs, progress):
		self.tests = tests
		self.jobs = jobs
		self.progress = progress
		self.nr = 0
		self.passed = self.failed = self.known = 0
		self.skipped = []
		self.all = []		# formats.Results
		self.began = time.monotonic()

	def result(self, good, name, known=None, output=''):
		"""Counts and prints a line of TAP; @known: why it is no failure; @output: what the test said."""
		self.nr += 1
		self.all.append(formats.of_test(name, good, known, output, graph.VARIANTS))
		if known:
			self.known += 1
			name += f' {KNOWN} {known}'
		elif good:
			self.passed += 1
		else:
			self.failed += 1
		self.progress.line(f"{'ok' if good else 'not ok'} {self.nr} - {name}")

	def _report(self, test):
		text = test.end()
		results = test.results
		for name in results.passed:
			self.result(True, f'{test.name}: {name}')
		for name, why in results.known:
			self.result(False, f'{test.name}: {name}', why)
		for name, why in results.skipped:
			self.skipped.append((test, name, why))
			self.all.append(formats.Result(test.name, name, 'skip', why))
		for name in results.failed:
			self.result(False, f'{test.name}: {name}', output=text)
		if results.failed:
			lines = [f'# --- {test.log}'] + [f'# {line}' for line in text.splitlines()]
			self.progress.line('\n'.join(lines + [f'# --- end of {test.log}']))

	def run(self):
		"""Runs them all, unless interrupted."""
		waiting = [test for test in self.tests if test.program]
		running = []
		while (waiting or running) and not job.interrupted():
			while waiting and len(running) < self.jobs:
				test = waiting.pop(0)
				try:
					test.start()
					running.append(test)
				except Trouble as trouble:
					self.result(False, f'{test.name}: {trouble}')
			names = ', '.join(f'{test.name} {time.monotonic() - test.job.began:.0f} s'
					  for test in running)
			done = len(self.tests) - len(waiting) - len(running)
			self.progress.live(f'{done} of {len(self.tests)}, {self.failed} failed; {names}')
			job.wait(1)
			for test in list(running):
				if not test.job.poll():
					if not test.late():
						continue
					test.job.timed_out = True
					job.end([test.job])
				running.remove(test)
				self._report(test)
		job.end()

	def check(self):
		"""That there was a result of each; in a whole run, that nothing is skipped everywhere."""
		for test in self.tests:
			if not test.results or not test.results.seen:
				why = 'not run' if test.program else 'nothing builds it'
				self.result(False, f'{test.name}: no result: {why}' if not test.results
					    else f'{test.name}: no result')
		if not {*graph.TESTED} <= {test.variant for test in self.tests}:
			return
		ran = {(test.source, name) for test in self.tests if test.variant and test.results
		       for name in test.results.passed + test.results.failed}
		for source, name in sorted({(test.source, name) for test, name, _ in self.skipped
					    if test.variant} - ran):
			self.result(False, f'{source}: {name}: skipped in every variant')

	def close(self, verdict):
		"""Prints what was skipped and slow, the verdict, and the last line."""
		self.progress.settle()
		for test, name, why in self.skipped:
			print(f'# skipped: {test.name}: {name}: {why}')
		timed = [test for test in self.tests if test.job and test.job.seconds is not None]
		slow = sorted(timed, key=lambda test: -test.job.seconds)[:8]
		if len(timed) > 1:
			print('# slowest: ' + ', '.join(f'{test.name} {test.job.seconds:.0f} s'
							for test in slow))
		done = sum(test.results is not None for test in self.tests)
		verdict.amount(f'{len(self.tests)} test programs',
			       f'{done} in {time.monotonic() - self.began:.0f} s')
		for line in verdict.text().splitlines():
			print(f'# {line}')
		print(f'{self.passed} passed, {self.failed} failed'
		      + (f', {self.known} of known flaws' if self.known else '')
		      + (f', {len(self.skipped)} skipped' if self.skipped else ''), flush=True)


def _share_tree(tests):
	"""
	Takes Debian's tree if several tests are to: trees that differ in .c files use the objects of the one with the
	fewest changes (lib.trees.graph), so that what they share is compiled once. If there is none, those tests say so.
	"""
	if len(OF_TREES & {test.source for test in tests}) > 1:
		job.run(['scripts/tree', 'debian'], log=f'{LOGS}/tree.log', seconds=1200)


def _whole(args, variants, progress):
	"""
	What is to be run.

	Return: the tests; a function that builds what they need; one that gives lines for the end. Raises: Trouble.
	"""
	if args.tree:
		whole, tests = trees.prepare(args.tree, variants, args.pattern, progress)
		trees.name_logs(tests, LOGS)
		return tests, lambda: whole.build(tests), lambda: whole.close(not args.pattern)
	return find(variants, args.pattern), lambda: build.build(variants, progress, keep_going=True), lambda: []


def main(argv):
	"""Return: the exit status."""
	args = _parse(argv)
	progress = Progress('# test')
	variants = list(dict.fromkeys(args.variant or (trees.VARIANTS if args.tree else graph.VARIANTS)))
	# a list is no run; that of a tree takes the tree
	lock = files.only_one('test') if args.tree or not args.list else None
	build.setup()
	tests, make, ending = _whole(args, variants, progress)
	if not tests:
		raise Trouble(f"no test matches '{args.pattern.pattern}' in {' '.join(variants)}")
	if args.list:
		for test in tests:
			print(test.variant or '-', test.source, test.program or '-')
		return 0
	shutil.rmtree(LOGS, ignore_errors=True)
	os.makedirs(LOGS)
	words = [checks.parameter(args.tree)] if args.tree else []
	words += [f"variants={','.join(variants)}", f'jobs={args.jobs}']
	if args.pattern:
		words.append(f"pattern='{args.pattern.pattern}'")
	verdict = Verdict('test', ' '.join(words))
	run = Run(tests, args.jobs, progress)
	try:
		make()
		run.result(True, 'build')
		_share_tree(tests)
		run.run()
		if not job.interrupted():
			run.check()
		if run.failed:
			verdict.fail(f'{run.failed} tests')
	except Trouble as trouble:
		run.result(False, f'build: {trouble}')
		verdict.incomplete(str(trouble))
	except Interrupted:
		pass
	if job.interrupted():
		verdict.incomplete(job.interrupted())
	progress.settle()
	for line in ending():
		print(line)
	for path, what in ((args.ktap, formats.ktap), (args.junit, lambda results: formats.junit(results, 'swaphammer'))):
		if path:
			files.write(path, what(run.all))
	run.close(verdict)
	lock.release()
	return verdict.status
