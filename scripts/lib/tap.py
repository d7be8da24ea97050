# SPDX-License-Identifier: GPL-2.0-only
"""unittest for scripts/test: "ok N - NAME" or "not ok N - NAME: WHY" for each test, and a plan."""
import concurrent.futures
import sys
import threading
import unittest

from lib import job


class _Result(unittest.TestResult):
	"""Prints each result at once; what one test says is not mixed with another's."""
	nr = 0

	def __init__(self):
		super().__init__()
		self._lock = threading.Lock()

	def _say(self, test, error=None, note=''):
		with self._lock:
			self._print(test, error, note)

	def _print(self, test, error, note):
		self.nr += 1
		name = f'{type(test).__name__}.{getattr(test, "_testMethodName", test)}'
		text = test.shortDescription()
		if text:
			name += f': {text}'
		if error is None:
			print(f'ok {self.nr} - {name}{note}', flush=True)
			return
		why = str(error[1]).strip().split('\n', maxsplit=1)[0]
		print(f'not ok {self.nr} - {name}: {why}')
		for line in self._exc_info_to_string(error, test).splitlines():
			print(f'# {line}')
		sys.stdout.flush()

	def addSuccess(self, test):
		self._say(test)

	def addError(self, test, err):
		super().addError(test, err)
		self._say(test, err)

	def addFailure(self, test, err):
		super().addFailure(test, err)
		self._say(test, err)

	def addSubTest(self, test, subtest, err):
		super().addSubTest(test, subtest, err)
		if err is not None:
			self._say(test, err, note=str(subtest))

	def addSkip(self, test, reason):
		super().addSkip(test, reason)
		self._say(test, note=f' # SKIP {reason}')


def _flat(suite):
	"""The tests of a suite, one by one."""
	for test in suite:
		if isinstance(test, unittest.TestSuite):
			yield from _flat(test)
		else:
			yield test


def _run(suite, result, waits, at_once):
	"""Runs those of classes @waits some at a time, meanwhile the others one after the other."""
	tests = list(_flat(suite))
	with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
		jobs = [pool.submit(test.run, result) for test in tests if isinstance(test, waits)]
		unittest.TestSuite(test for test in tests if not isinstance(test, waits)).run(result)
		for done in jobs:
			done.result()


def main(argv=None, waits=(), at_once=4):
	"""
	Runs the tests of the calling script, or those whose names contain one of the arguments.
	Ends with 0: all passed, 1: one failed, 2: there is none.

	@waits: classes whose tests mostly wait, for processes and directories of their own: @at_once of them run at
		a time, in threads. They have no setUpClass(), and start nothing by lib.job
	"""
	words = sys.argv[1:] if argv is None else argv
	loader = unittest.TestLoader()
	if words:
		loader.testNamePatterns = [f'*{word}*' for word in words]
	suite = loader.loadTestsFromName('__main__')
	if not suite.countTestCases():
		print('no such test', file=sys.stderr)
		sys.exit(2)
	result = _Result()
	try:
		_run(suite, result, tuple(waits), at_once)
	finally:
		job.end()
	print(f'1..{result.nr}')
	sys.exit(0 if result.wasSuccessful() else 1)
