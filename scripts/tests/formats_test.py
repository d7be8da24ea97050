#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
The formats of others, each read by a parser that is not ours: KTAP by the kernel's own kunit.py, JUnit
XML by junitparser, SARIF by its object model.
"""
import json

import home
from lib import formats, tap
from lib.formats import Result

RESULTS = [Result('dev: a_test', 'one', 'pass'), Result('dev: a_test', 'op2#3 fails', 'fail', output='said\n<\x1b[2J>&"\n'),
	   Result('dev: a_test', 'three', 'skip', 'needs a # and a\nline'), Result('scripts/tests/b.sh', 'öne', 'pass'),
	   Result('c', 'all', 'skip', 'not here')]


class Formats(home.Scratch):
	def test_ktap(self):
		counts, said = home.kunit(self, formats.ktap(RESULTS))
		self.assertEqual((2, 1, 2), counts, said)

	def test_ktap_silent(self):
		counts, said = home.kunit(self, formats.ktap([result for result in RESULTS if result.state == 'pass']))
		self.assertEqual((2, 0, 0), counts, said)

	def test_junit(self):
		path = self.put('junit.xml', formats.junit(RESULTS, 'all', 1.5))
		said = home.ask(self, 'junitparser', 'import sys, junitparser\nall = junitparser.JUnitXml.fromfile(sys.argv[1])\n'
				'print(all.name, [(suite.name, suite.tests, suite.failures, suite.skipped) for suite in all])\n'
				'print([[type(one).__name__ for one in case.result] for suite in all for case in suite])', path)
		self.assertIn("('dev: a_test', 3, 1, 1)", said)
		self.assertIn("[[], ['Failure'], ['Skipped'], [], ['Skipped']]", said)

	FACTS = {'corpus': [{'arm': 'core corpus dev', 'programs': 9, 'left': 0, 'failed': 1, 'seconds': 1}], 'failures': ['x'],
		 'reasons': ['core explore dev: 0 schedules'], 'parameters': 'hours=8',
		 'engines': [{'name': 'core explore dev', 'slices': 1}, {'name': 'core stress tsan', 'slices': 0}],
		 'findings': [{'name': f'INV-C8-{state}', 'state': state, 'new': state == 'new', 'check': 'INV-C8', 'first': 'then',
			       'where': 'core/check/claims.c; f', 'repro': 'out/dev/replay x.prog',
			       'report': 'FAIL  INV-C8  core/check/claims.c:96\n      a "cluster" on no list\n'}
			      for state in ('new', 'known', 'fixed', 'gone')]}

	def test_night(self):
		states = [(result.suite, result.state) for result in formats.night_results(self.FACTS)]
		self.assertEqual([('corpus', 'fail'), ('engines', 'fail'), ('engines', 'skip'), ('findings', 'fail'), ('findings', 'skip'),
				  ('findings', 'pass'), ('findings', 'pass')], states)

	# builds the object model from the file: a name that it does not know is a TypeError
	READ = r"""
import json, re, sys, sarif_om
CLASSES = {'runs': 'Run', 'tool': 'Tool', 'driver': 'ToolComponent', 'rules': 'ReportingDescriptor', 'results': 'Result',
	   'shortDescription': 'MultiformatMessageString', 'message': 'Message', 'locations': 'Location',
	   'physicalLocation': 'PhysicalLocation', 'artifactLocation': 'ArtifactLocation', 'region': 'Region',
	   'invocations': 'Invocation'}
def load(value, name):
	if isinstance(value, list):
		return [load(one, name) for one in value]
	if name not in CLASSES:
		return value
	return getattr(sarif_om, CLASSES[name])(**{re.sub('[A-Z]', lambda one: '_' + one.group().lower(), key.lstrip('$')): load(one, key)
						   for key, one in value.items()})
value = json.load(open(sys.argv[1]))
log = sarif_om.SarifLog(version=value['version'], schema_uri=value['$schema'], runs=load(value['runs'], 'runs'))
for result in log.runs[0].results:
	place = result.locations[0].physical_location
	print(result.rule_id, result.baseline_state, place.artifact_location.uri, place.region.start_line, result.message.text)
"""

	def test_sarif(self):
		said = home.ask(self, 'sarif_om', self.READ, self.put('sarif', formats.sarif(self.FACTS)))
		lines = said.splitlines()
		self.assertEqual(2, len(lines), said)
		self.assertEqual('INV-C8 new core/check/claims.c 96 a "cluster" on no list. Again: out/dev/replay x.prog', lines[0])
		self.assertIn('INV-C8 unchanged ', lines[1])
		self.assertEqual([], json.loads(formats.sarif({**self.FACTS, 'findings': []}))['runs'][0]['results'])


if __name__ == '__main__':
	tap.main()
