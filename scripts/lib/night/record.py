# SPDX-License-Identifier: GPL-2.0-only
"""
The record of a night, as JSON: what the page, the terminal and the other formats are made of.
scripts/lib/night/schema.json says what is in it.
"""
import json
import os
import time

from lib import evidence, files
from lib.night import disk

HISTORY = 'history'	# a line of JSON for each night
NIGHTS = 1000		# that it keeps


def dumps(value):
	"""As text with a final newline."""
	return json.dumps(value, indent=1, sort_keys=True) + '\n'


def _arm(arm, lines, bandit):
	done = [line for line in lines if line['arm'] == arm.name]
	curve, at = [], 0
	for line in done:
		curve += [[round(at + second), pairs] for second, pairs in line['curve']]
		at += line['seconds']
	return {'name': arm.name, 'code': arm.code, 'kind': arm.kind, 'variant': arm.variant, 'unit': arm.unit,
		'slices': len(done), 'seconds': round(sum(line['seconds'] for line in done), 1),
		'done': sum(line['done'] for line in done), 'pairs': max([line['pairs'] for line in done], default=0),
		'found': sum(line['found'] for line in done), 'curve': curve,
		'worth': round(min(bandit.value(arm.name), 9.0), 3)}


def _finding(entry, night):
	directory = night.triage.directory
	further = night.ledger.further(entry)
	names = {entry.name, *(other.name for other in further)}
	return {'name': entry.name, 'state': entry.state, 'code': entry.code, 'check': entry.check,
		'where': entry.where, 'shape': entry.shape, 'first': entry.first, 'last': entry.last, 'gone': entry.gone,
		'nights': entry.nights, 'met': entry.night == night.number, 'replays': entry.replays,
		'repro': entry.repro, 'note': entry.note, 'flaw': entry.flaw, 'variant': entry.variant,
		'new': entry.state == 'new' and entry.born == night.number,
		'like': entry.like.split(), 'origin': entry.origin, 'todo': entry.todo,
		'further': [{'name': other.name, 'check': other.check, 'where': other.where, 'replays': other.replays,
			     'repro': other.repro, 'note': other.note, 'new': other.born == night.number,
			     'program': evidence.read(other.program) if other.program else '',
			     'report': evidence.read(f'{directory}/{other.name}.txt')[:50000]} for other in further],
		'engines': sorted({line['arm'] for line in night.journal.all('triaged') if line['entry'] in names}),
		'program': evidence.read(entry.program) if entry.program else '',
		'report': evidence.read(f'{directory}/{entry.name}.txt')[:200000]}


def make(night):
	"""The record of a night as it is now."""
	done = night.journal.all('done')
	paths = {}
	for line in done:
		for path, count in line['paths'].items():
			paths[path] = paths.get(path, 0) + count
	begin = night.journal.last('begin') or {}
	return {
		'format': 'swaphammer night 1', 'night': night.number, 'name': os.path.basename(night.run_directory),
		'began': begin.get('time', ''), 'ended': time.strftime('%Y-%m-%d %H:%M:%S'),
		'parameters': night.options.words, 'revisions': {plan.code: night.revision(plan.code) for plan in night.plans},
		'verdict': night.verdict.word, 'failures': night.verdict.failures, 'reasons': night.verdict.reasons,
		'planned': {'seconds': night.seconds, 'engines': len(night.arms)},
		'done': {'seconds': round(night.elapsed(), 1), 'slices': len(done),
			 'engines': len({line['arm'] for line in done})},
		'starts': len(night.journal.all('begin')), 'closing': night.verdict.text().splitlines()[-1],
		'findings': [_finding(entry, night) for entry in night.ledger.mains()],
		'engines': [_arm(arm, done, night.bandit) for arm in night.arms],
		'corpus': [{key: line[key] for key in ('arm', 'programs', 'left', 'failed', 'seconds')}
			   for line in night.journal.all('corpus')],
		'paths': paths, 'coverage': files.read_json(f'{night.run_directory}/coverage.json') or {},
		'disk': {'used': disk.used(night.home), 'limit': night.options.disk << 20},
	}


def history(home):
	"""Summaries of all nights of a directory, oldest first."""
	found = []
	for line in evidence.read(f'{home}/{HISTORY}').splitlines():
		try:
			value = json.loads(line)
		except ValueError:
			continue
		if isinstance(value, dict):
			found.append(value)
	return found


def remember(home, facts):
	"""Adds a night to the history: once, however often it was started. Raises: OSError."""
	schedules = sum(arm['done'] for arm in facts['engines'] if arm['kind'] == 'explore')
	seconds = sum(arm['seconds'] for arm in facts['engines'] if arm['kind'] == 'explore')
	line = {'night': facts['night'], 'name': facts['name'], 'verdict': facts['verdict'],
		'new': sum(finding['new'] for finding in facts['findings']),
		'met': sum(finding['met'] for finding in facts['findings']),
		'open': sum(finding['state'] in ('new', 'known') for finding in facts['findings']),
		'seconds': facts['done']['seconds'], 'rate': round(schedules / seconds) if seconds else 0,
		'pairs': max([arm['pairs'] for arm in facts['engines'] if arm['kind'] == 'explore'], default=0),
		'paths': sum(count > 0 for count in facts['paths'].values()),
		'coverage': facts['coverage'].get('lines', {}).get('percent')}
	nights = [night for night in history(home) if night.get('night') != facts['night']] + [line]
	files.write(f'{home}/{HISTORY}', ''.join(json.dumps(night) + '\n' for night in nights[-NIGHTS:]))
