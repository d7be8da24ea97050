# SPDX-License-Identifier: GPL-2.0-only
"""Statistics of trials, by R's survival; the summary and the page."""
import csv
import json
import os
import subprocess
import sys

from lib import files, job
from lib.exposure.trials import FIELDS
from lib.start import Trouble

SCALES = {'cpu_seconds': 'CPU seconds', 'schedules': 'schedules'}
ALL = '*'		# the mutants together
RELIABLE = 0.95		# the share of trials in which an engine detects what it detects reliably
SOON = 5		# CPU seconds
PYTHONS = (sys.executable, '/usr/bin/python3')


def _number(text):
	return None if text in ('NA', 'NaN', '') else float(text)


def _parse(text):
	"""The lines of survival.R: {scale: {mutant: {'p', 'engines': {engine: {...}}}}}."""
	found = {}
	for line in text.splitlines():
		kind, scale, mutant, engine, *values = line.split('\t')
		of = found.setdefault(scale, {}).setdefault(mutant, {'p': None, 'engines': {}})
		if kind == 'p' and not engine:
			of['p'] = _number(values[0])
			continue
		one = of['engines'].setdefault(engine, {'curve': [], 'p': None, 'ratio': None})
		if kind == 'p':
			one['p'], one['ratio'] = map(_number, values)
		elif kind == 'curve':
			one['curve'].append(tuple(map(float, values)))
		elif kind == 'median':
			one['n'], one['events'] = map(int, values[:2])
			one['median'], one['low'], one['high'] = map(_number, values[2:])
	return found


def statistics(path, reference):
	"""
	@path: a CSV of trials
	@reference: the engine that the others are compared with

	Return: what _parse() does. Raises: Trouble: there is no R, or no survival.
	"""
	try:
		text = job.output(['Rscript', '--vanilla', 'scripts/lib/exposure/survival.R', path, reference])
	except Trouble as trouble:
		raise Trouble(f'no statistics: {trouble}; scripts/setup statistics installs R') from trouble
	return _parse(text)


def count(rows, engines):
	"""{mutant: {engine: {'n', 'reached', 'triggered', 'detected', 'checks'}}}; triggered None: the engine cannot tell."""
	found = {}
	for row in rows:
		of = found.setdefault(row['mutant'], {}).setdefault(row['engine'], {
			'n': 0, 'reached': 0, 'triggered': 0, 'detected': 0, 'checks': {}})
		of['n'] += 1
		for name in ('reached', 'triggered', 'detected'):
			if of[name] is not None:
				of[name] = of[name] + int(row[name]) if row[name] != '' else None
		if row['check']:
			of['checks'][row['check']] = of['checks'].get(row['check'], 0) + 1
	return {mutant: {engine: of[engine] for engine in engines if engine in of} for mutant, of in found.items()}


def reliable(rows, trials, seconds=None):
	"""
	The mutants that all but few of the trials detect; trials that were given up detected nothing.

	@trials: of each mutant and engine
	@seconds: of CPU, within which it was detected; None: within the budget

	Return: {engine: set of mutants}.
	"""
	times = {}
	for row in rows:
		of = times.setdefault(row['engine'], {}).setdefault(row['mutant'], [])
		if row['detected'] == '1' and (seconds is None or float(row['cpu_seconds']) <= seconds):
			of.append(row)
	return {engine: {mutant for mutant, found in of.items() if len(found) >= RELIABLE * trials} for engine, of in times.items()}


def interval(one):
	"""A median with its interval, in words."""
	if not one:
		return '-'
	if one['median'] is None:
		return f"> {max(time for time, _ in one['curve']):.4g}"
	low, high = ('-' if one[name] is None else f'{one[name]:.4g}' for name in ('low', 'high'))
	return f"{one['median']:.4g} ({low} to {high})"


def p_value(p):
	"""A p value in words."""
	return '-' if p is None else '< 0.001' if p < 0.001 else f'{p:.3f}'


def summary(counts, stats, progress):
	line = f"{'mutant':<28} {'engine':<20} {'reached':>8} {'trigg.':>7} {'detect.':>8} {'median CPU s (95 %)':>26} {'median schedules (95 %)':>28} {'p':>8}"
	progress.line(line)
	for mutant, engines in counts.items():
		name = mutant
		for engine, one in engines.items():
			of = [stats.get(scale, {}).get(mutant, {}).get('engines', {}).get(engine) for scale in SCALES]
			triggered = '?' if one['triggered'] is None else one['triggered']
			progress.line(f"{name:<28} {engine:<20} {one['reached']:>4}/{one['n']:<3} {triggered:>4}/{one['n']:<2} {one['detected']:>4}/{one['n']:<3} "
				      f"{interval(of[0]):>26} {interval(of[1]):>28} {p_value(of[0]['p']) if of[0] else '-':>8}")
			name = ''
	together = stats.get('cpu_seconds', {}).get(ALL)
	if together:
		progress.line(f"all mutants, log-rank of all engines by CPU seconds, stratified by mutant: p {p_value(together['p'])}")
		for engine, one in together['engines'].items():
			if one['ratio'] is not None:
				progress.line(f"  {engine}: {one['ratio']:.2f} times the detections of the first engine in the same CPU time, "
					      f"p {p_value(one['p'])} (Holm)")


def _page(facts, home):
	"""Writes the page, under a Python that has Debian's modules. Raises: Trouble."""
	files.write(f'{home}/report.json', json.dumps(facts, indent=1) + '\n')
	for python in dict.fromkeys(PYTHONS):
		if not os.path.exists(python) or subprocess.run([python, '-c', 'import jinja2, pygal'], capture_output=True,
							       check=False).returncode:
			continue
		job.output([python, 'scripts/lib/start.py', 'exposure.page', home])
		return
	raise Trouble('no page: python3-jinja2 and python3-pygal are missing; scripts/setup report installs them')


def conclude(rows, engines, settings, progress, trouble):
	"""
	The summary and the page of these trials.

	@engines: names, the reference first
	@settings: exposure.run.Settings
	@trouble: function of a status and a text
	"""
	path = f'{settings.home}/measured.csv'
	with open(path, 'w', encoding='utf-8', newline='') as file:
		writer = csv.DictWriter(file, FIELDS)
		writer.writeheader()
		writer.writerows(rows)
	counts, stats = count(rows, engines), {}
	try:
		stats = statistics(path, engines[0])
	except Trouble as reason:
		trouble(2, str(reason))
	summary(counts, stats, progress)
	for engine in engines:
		always, soon = (reliable(rows, settings.trials, limit).get(engine, set()) for limit in (None, SOON))
		progress.line(f'{engine}: {len(always)} of {len(counts)} mutants in at least {RELIABLE:.0%} of {settings.trials} trials, '
			      f'{len(soon)} of them within {SOON} s of CPU')
	facts = {'counts': counts, 'stats': stats, 'engines': engines, 'budget': settings.words(), 'trials': settings.trials,
		 'rows': len(rows), 'easy': settings.easy, 'chosen': settings.mutants}
	try:
		_page(facts, settings.home)
		progress.say(f'{settings.home}/report.html; trials in {settings.home}/trials.csv')
	except Trouble as reason:
		trouble(2, str(reason))
