# SPDX-License-Identifier: GPL-2.0-only
"""
What the Python tests share. To be imported before anything of lib: the directory is then that of the
checkout, and lib is found.
"""
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, os.path.join(TOP, 'scripts'))
CI = os.environ.get('CI')

_VALIDATE = """
import json, os, sys
from jsonschema import Draft202012Validator, RefResolver
store = {}
for name in os.listdir(sys.argv[1]):
	if name.endswith('.schema.json'):
		with open(os.path.join(sys.argv[1], name), encoding='utf-8') as file:
			store[name] = json.load(file)
schema = store[sys.argv[2]]
Draft202012Validator.check_schema(schema)
one = Draft202012Validator(schema, resolver=RefResolver(sys.argv[2], schema, store=store))
print(json.dumps([[f'{"/".join(map(str, error.path))}: {error.message}' for error in one.iter_errors(value)]
		  for value in json.load(sys.stdin)]))
"""


class Scratch(unittest.TestCase):
	"""A test with a directory of its own, `tmp`."""

	def setUp(self):
		directory = tempfile.TemporaryDirectory()		# pylint: disable=consider-using-with
		self.addCleanup(directory.cleanup)
		self.tmp = directory.name

	def path(self, name):
		"""The path of a file there."""
		return os.path.join(self.tmp, name)

	def put(self, name, text):
		"""Writes a file there. Return: its path."""
		path = self.path(name)
		with open(path, 'w', encoding='utf-8') as file:
			file.write(text)
		return path


def quiet(name):
	"""A Progress that says nothing."""
	from lib import progress			# pylint: disable=import-outside-toplevel
	return progress.Progress(name, stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with


def python(module):
	"""A Python that has a module: ours, or Debian's; None: there is none, and this is not CI, which installs it."""
	if importlib.util.find_spec(module):
		return sys.executable
	for _ in range(2):
		if subprocess.run(['/usr/bin/python3', '-c', f'import {module}'], capture_output=True, check=False).returncode == 0:
			return '/usr/bin/python3'
		if not CI:
			break
		subprocess.run(['scripts/setup', 'report', 'browser'], check=True)
	return None


def ask(test, module, text, *words, said=None):
	"""
	What a program in a Python with a module prints; the test is skipped if there is none.

	@text: the program, @words: its arguments, @said: its input
	"""
	which = python(module)
	if which is None:
		test.skipTest(f'no {module}: scripts/setup report browser')
	run = subprocess.run([which, '-c', text, *words], capture_output=True, text=True, check=False, input=said)
	test.assertEqual(0, run.returncode, run.stdout + run.stderr)
	return run.stdout


def schema_errors(test, path, values):
	"""What jsonschema says against each of some values: a list of sentences each, in the order of the values."""
	return json.loads(ask(test, 'jsonschema', _VALIDATE, os.path.dirname(path), os.path.basename(path),
			      said=json.dumps(values)))


def kunit(test, text):
	"""
	What the kernel's own kunit.py reads in KTAP; the test is skipped if there is no source of Debian's.

	Return: the counts of passed, failed, skipped; what it said.
	"""
	from lib import build, start			# pylint: disable=import-outside-toplevel
	from lib.trees import debian, source		# pylint: disable=import-outside-toplevel
	nothing = quiet('kunit')
	try:
		with build.waiting(os.path.join(debian.cache(), 'lock'), nothing, 'another download'):
			tree = source.find('debian', None, False, nothing)
	except start.Trouble as trouble:
		if CI:
			raise
		test.skipTest(f"no source of Debian's: {str(trouble).splitlines()[0]}")
	run = subprocess.run([sys.executable, f'{tree.path}/tools/testing/kunit/kunit.py', 'parse', '/dev/stdin'], input=text,
			     capture_output=True, text=True, check=False, env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'})
	said = run.stdout + run.stderr
	test.assertNotIn('error', re.sub('errors?: 0', '', said).lower(), said)
	found = re.search(r'Ran \d+ tests(?:: (.*))?', said)
	test.assertTrue(found, said)
	counts = dict(re.findall(r'(passed|failed|skipped|crashed|errors): (\d+)', found.group(0)))
	return tuple(int(counts.get(word, 0)) for word in ('passed', 'failed', 'skipped')), said
