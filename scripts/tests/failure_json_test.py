#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
A failure is one record, whichever engine found it: fuzz/tools/failure.schema.json. What the schema
says is checked here without a library, for the words that it uses.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, os.path.join(TOP, 'scripts'))
sys.dont_write_bytecode = True
from lib import tap		# noqa: E402

TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'boolean': bool}
WORDS = {'$schema', 'title', 'description', 'type', 'additionalProperties', 'required', 'properties', 'items', 'enum',
	 'pattern', 'minimum'}


def check(value, schema, where='failure'):
	"""Raises AssertionError with the place if @value is not as @schema says."""
	assert not set(schema) - WORDS, f'{where}: this test knows nothing of {set(schema) - WORDS}'
	if 'type' in schema:
		assert isinstance(value, TYPES[schema['type']]), f"{where}: {value!r} is no {schema['type']}"
	assert 'enum' not in schema or value in schema['enum'], f'{where}: {value!r}'
	assert 'pattern' not in schema or re.search(schema['pattern'], value), f'{where}: {value!r}'
	assert 'minimum' not in schema or value >= schema['minimum'], f'{where}: {value!r}'
	if isinstance(value, dict):
		for name in schema.get('required', []):
			assert name in value, f'{where}: no {name}'
		for name, part in value.items():
			assert name in schema['properties'], f'{where}: {name} is not in the schema'
			check(part, schema['properties'][name], f'{where}.{name}')
	if isinstance(value, list):
		for nr, part in enumerate(value):
			check(part, schema['items'], f'{where}[{nr}]')


class Record(unittest.TestCase):
	@classmethod
	def setUpClass(cls):
		with open('fuzz/tools/failure.schema.json', encoding='utf-8') as file:
			cls.schema = json.load(file)

	def run_engine(self, *words):
		"""Runs what writes JSON to the path that is its last word. Return: the JSON."""
		with tempfile.TemporaryDirectory() as directory:
			path = os.path.join(directory, 'it.json')
			done = subprocess.run([*words, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
					      timeout=120, env={**os.environ, 'TMPDIR': directory})
			self.assertEqual(1, done.returncode)
			with open(path, encoding='utf-8') as file:
				return json.load(file)

	def test_explore(self):
		"""explore: a failure with the objects that the check names"""
		with tempfile.TemporaryDirectory() as directory:
			found = self.run_engine('out/dev/explore', '--near', '--mutant', 'seed-v1-a', '--quiet', '--out', directory,
						'corpus/regress/seed-v1-a.prog', '--json')['findings'][0]
		check(found['failure'], self.schema)
		self.assertEqual(found['check'], found['failure']['check'])
		self.assertIn('cluster', [o['kind'] for o in found['failure']['objects']])
		self.assertNotRegex(found['failure']['text'], '[\x01\x02]')

	def test_stress(self):
		"""stress: the same record, with what each worker was doing"""
		for seed in ('1', '2', '3'):
			report = self.run_engine('out/dev/stress', '--mutant', 'seed-v1-gfp', '--seed', seed, '--quiet', '--report')
			if 'failure' in report:
				break
		check(report['failure'], self.schema)
		self.assertEqual('FAIL', report['verdict'])
		names = [task['name'] for task in report['failure']['tasks']]
		self.assertLessEqual({'w0', 'w1', 'w2', 'w3'}, set(names))

	def test_fires(self):
		"""what is not as the schema says is seen"""
		good = {'check': 'INV-C1', 'site': 'a.c:1', 'text': '', 'task': 0, 'objects': [], 'tasks': []}
		check(good, self.schema)
		for bad in ({'check': 'x'}, {'task': -1}, {'more': 1}, {'objects': [{'kind': 'moon'}]}, {'tasks': [{}]}):
			with self.assertRaises(AssertionError):
				check({**good, **bad}, self.schema)


if __name__ == '__main__':
	tap.main()
