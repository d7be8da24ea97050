# SPDX-License-Identifier: GPL-2.0-only
"""The last night on a terminal: what the page says, in a screen or two."""
import os
import textwrap

from lib import evidence, files, page
from lib.night import record
from lib.start import PASS, Trouble


def _wrapped(text, width, indent):
	return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def lines(facts, history, width=100):
	"""A night's record as lines."""
	yield f"{facts['verdict']}  night {facts['night']}, {facts['began']}: {page.summary(facts)}"
	yield f"      {facts['parameters']}"
	for why in facts['reasons']:
		yield f'      not done: {why}'
	order = ('new', 'known', 'gone', 'fixed')
	for finding in sorted(facts['findings'], key=lambda one: (order.index(one['state']), one['name'])):
		yield ''
		what = [finding['name'], finding['where'].split(';')[0], finding['flaw'] and f"= {finding['flaw']}"]
		met = '' if finding['met'] else ', not met in this night'
		yield f"{finding['state']:6} {'  '.join(word for word in what if word)}{met}"
		rule, values = page.sentence(finding)
		if finding['state'] in ('new', 'known') and rule:
			yield _wrapped(rule, width, '       ')
		if finding['state'] in ('new', 'known') and values:
			yield _wrapped(values, width, '         ')
		for other in finding['further']:
			yield f"       also seen as {other['name']}: {other['where'].split(';')[0]}{', new' if other['new'] else ''}" \
				f"  again: {other['repro']}"
		if finding['like']:
			yield f"       perhaps the same as {' or '.join(finding['like'])}"
		if finding['todo']:
			yield '       not shrunk yet: the next night goes on with it'
		gone = f", gone {finding['gone']}" if finding.get('gone') else ''
		yield f"       first {finding['first']}, last {finding['last']}{gone}, {page.many(finding['nights'], 'night')}"
		if finding['repro']:
			yield f"       again: {finding['repro']}"
	yield ''
	yield f"{'engine':36} {'slices':>6} {'seconds':>8} {'done':>12} {'pairs':>7} {'failures':>8}"
	for arm in sorted(facts['engines'], key=lambda arm: -arm['seconds']):
		yield f"{arm['name']:36} {arm['slices']:6} {arm['seconds']:8.0f} {arm['done']:12} {arm['pairs'] or '':>7} {arm['found'] or '':>8}"
	never = [path for path, count in facts['paths'].items() if not count]
	if never:
		yield f"rare paths never reached: {', '.join(never)}"
	if len(history) > 1:
		yield 'nights: ' + ' '.join(f"{night['night']}:{night['verdict']}" + (f"({night['new']} new)" if night['new'] else '')
					    for night in history[-12:])


def show(home):
	"""Prints the last night of a directory that has a record. Return: the exit status. Raises: Trouble."""
	runs = f'{home}/run'
	names = sorted(name for name in os.listdir(runs) if name[:1].isdigit()) if os.path.isdir(runs) else []
	for name in reversed(names):
		facts = files.read_json(f'{runs}/{name}/run.json')
		if facts is None:
			spent = evidence.read(f'{runs}/{name}/spent').strip() or '0'
			print(f'{name} runs, or was killed: {spent} s so far; scripts/nightly goes on with it')
			continue
		try:
			width = min(os.get_terminal_size().columns, 120)
		except OSError:
			width = 100
		print('\n'.join(lines(facts, record.history(home), width)))
		if os.path.exists(f'{runs}/{name}/report.html'):
			print(f'page: {runs}/{name}/report.html')
		return PASS
	if not names:
		raise Trouble(f'no night in {home} yet')
	return PASS
