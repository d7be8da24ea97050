# SPDX-License-Identifier: GPL-2.0-only
"""
Results in the formats of others: KTAP, as the kernel's kunit.py parse reads it; JUnit XML, as CI
systems show it; SARIF 2.1.0, as code hosts show findings beside a line.
"""
import json
import re
import xml.etree.ElementTree as xml

OUTPUT = 20000		# characters of a test's output that are kept
_CONTROL = re.compile(r'[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')	# what XML cannot hold


class Result:
	"""
	One test.

	@suite, @name: where it belongs, and what it is called
	@state: "pass", "fail" or "skip"
	@why: of a failure or of a skip, in a line
	@output: what it said
	"""

	def __init__(self, suite, name, state, why='', output=''):	# pylint: disable=too-many-arguments
		self.suite = suite
		self.name = name
		self.state = state
		self.why = ' '.join(why.split())
		self.output = output[-OUTPUT:]


def _suites(results):
	"""Results of each suite, in the order in which they came."""
	found = {}
	for result in results:
		found.setdefault(result.suite, []).append(result)
	return found


def _name(text):
	"""A name for KTAP, in which # begins a directive, and a line ends it."""
	return ' '.join(text.replace('#', '_').split()) or '_'


def ktap(results):
	"""
	The results as KTAP: a test for each suite, its tests below.

	Return: the text.
	"""
	suites = _suites(results)
	lines = ['KTAP version 1', f'1..{len(suites)}']
	for number, (suite, tests) in enumerate(suites.items(), 1):
		lines += ['    KTAP version 1', f'    # Subtest: {_name(suite)}', f'    1..{len(tests)}']
		for nr, test in enumerate(tests, 1):
			lines += [f'    # {line}' for line in test.output.splitlines() if test.state == 'fail']
			skip = f" # SKIP {test.why.replace('#', '_')}".rstrip() if test.state == 'skip' else ''
			lines.append(f"    {'not ok' if test.state == 'fail' else 'ok'} {nr} {_name(test.name)}{skip}")
		states = {test.state for test in tests}
		word = 'not ok' if 'fail' in states else 'ok'
		lines.append(f"{word} {number} {_name(suite)}{' # SKIP' if states == {'skip'} else ''}")
	return '\n'.join(lines) + '\n'


def of_test(name, good, known, output, variants):
	"""
	A result of scripts/test: "PROGRAM: TEST" or "VARIANT: PROGRAM: TEST".

	@known: why a failure is none; None: it is one
	"""
	parts = name.split(': ')
	split = 2 if parts[0] in variants and len(parts) > 2 else min(1, len(parts) - 1)
	suite, test = ': '.join(parts[:split]) or 'scripts/test', ': '.join(parts[split:])
	if known:
		return Result(suite, test, 'skip', f'fails, as it is known to: {known}')
	return Result(suite, test, 'pass' if good else 'fail', output=output)


def _text(text):
	return _CONTROL.sub('?', text)


def junit(results, name, seconds=0.0):
	"""The results as JUnit XML: a <testsuite> for each suite. Return: the text."""
	top = xml.Element('testsuites', name=_text(name), time=f'{seconds:.3f}')
	for suite, tests in _suites(results).items():
		element = xml.SubElement(top, 'testsuite', name=_text(suite), tests=str(len(tests)), errors='0', time='0',
					 failures=str(sum(test.state == 'fail' for test in tests)),
					 skipped=str(sum(test.state == 'skip' for test in tests)))
		for test in tests:
			case = xml.SubElement(element, 'testcase', classname=_text(suite), name=_text(test.name), time='0')
			if test.state == 'fail':
				xml.SubElement(case, 'failure', message=_text(test.why or test.name)).text = _text(test.output)
			elif test.state == 'skip':
				xml.SubElement(case, 'skipped', message=_text(test.why))
	xml.indent(top)
	return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(top, encoding='unicode') + '\n'


def night_results(facts):
	"""A night's record as Results: the corpus, the engines, the findings that are open."""
	found = []
	for line in facts['corpus']:
		why = f"{line['failed']} of {line['programs']} programs fail" if line['failed'] else ''
		found.append(Result('corpus', line['arm'], 'fail' if why and facts['failures'] else 'pass', why))
	for arm in facts['engines']:
		reasons = [why for why in facts['reasons'] if why.startswith(f"{arm['name']}: ")]
		state = 'skip' if not arm['slices'] else 'fail' if reasons else 'pass'
		found.append(Result('engines', arm['name'], state, 'no time was left for it' if state == 'skip' else '; '.join(reasons)))
	for finding in facts['findings']:
		if finding['new']:
			found.append(Result('findings', finding['name'], 'fail', finding['where'], finding['report']))
		elif finding['state'] == 'known':
			found.append(Result('findings', finding['name'], 'skip', f"known since {finding['first']}"))
		else:
			found.append(Result('findings', finding['name'], 'pass'))
	return found


def _rule(finding):
	"""What a check is about: the line below FAIL."""
	found = re.search(r'^FAIL  .*\n      (.*)', finding['report'], re.M)
	return found.group(1) if found else finding['check']


def sarif(facts):
	"""
	The findings of a night's record as SARIF 2.1.0: each with the place where its check fires, a
	fingerprint, which is its name, and what became of it since the night before.

	Return: the text.
	"""
	shown = [finding for finding in facts['findings'] if finding['state'] in ('new', 'known')]
	rules, results = {}, []
	for finding in shown:
		rules.setdefault(finding['check'], _rule(finding))
		place = re.search(r'^FAIL  \S+\s+([^\s:]+):(\d+)', finding['report'], re.M)
		path, line = (place.group(1), int(place.group(2))) if place else (finding['where'].split(';')[0].split(' ')[0], 1)
		message = f"{_rule(finding)}. Again: {finding['repro']}" if finding['repro'] else _rule(finding)
		result = {'ruleId': finding['check'], 'level': 'error', 'message': {'text': message},
			  'partialFingerprints': {'cause/v1': finding['name']},
			  'baselineState': 'new' if finding['new'] else 'unchanged'}
		if path:
			result['locations'] = [{'physicalLocation': {'artifactLocation': {'uri': path, 'uriBaseId': 'SRCROOT'},
								     'region': {'startLine': max(1, line)}}}]
		results.append(result)
	return json.dumps({
		'$schema': 'https://json.schemastore.org/sarif-2.1.0.json', 'version': '2.1.0',
		'runs': [{
			'tool': {'driver': {'name': 'swaphammer',
					    'rules': [{'id': check, 'shortDescription': {'text': text}}
						      for check, text in sorted(rules.items())]}},
			'invocations': [{'executionSuccessful': not facts['reasons'], 'commandLine': facts['parameters']}],
			'columnKind': 'utf16CodeUnits', 'results': results}]}, indent=1) + '\n'
