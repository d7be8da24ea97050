# SPDX-License-Identifier: GPL-2.0-only
"""
What the corpus and the findings' programs reach of the code under test, for the page: lines and
branches of each file, regions of each function. scripts/coverage has goals, and says each line.
"""
import glob
import json
import os
import re
import shutil

from lib import build, evidence, files, job
from lib.start import Trouble

CODE = ('core/swap/', 'core/mm/')
PROGRAMS = ('corpus/litmus/*.prog', 'corpus/regress/*.prog', 'corpus/seeds/*.prog')
SECONDS = 600


def _tool(name):
	version = re.search(r'^cc = .*clang(-[0-9]+)?', evidence.read('out/toolchain.ninja'), re.M)
	tool = name + ((version.group(1) if version else '') or '')
	if not shutil.which(tool):
		raise Trouble(f'no {tool}')
	return tool


def _place(path):
	"""A path as in the repository, of the code under test; None for anything else."""
	for code in CODE:
		at = path.find(code)
		if at >= 0 and '/test/' not in path:
			return path[at:]
	return None


def functions(data):
	"""
	Functions of each file: {file: [{name, percent, regions}]}, in the order of the source.

	@data: llvm-cov's export. An inline function has a copy in each file that uses it: a region is
	reached if it is in one of them.
	"""
	found = {}
	for function in data['functions']:
		place = _place(function['filenames'][0])
		if place is None:
			continue
		name = function['name'].rsplit(':', 1)[-1]
		regions = found.setdefault(place, {}).setdefault(name, {})
		for region in function['regions']:
			if region[7] == 0 and region[5] == 0:	# code, and not of a macro's file
				regions[tuple(region[:4])] = regions.get(tuple(region[:4]), 0) + region[4]
	return {place: [{'name': name, 'percent': 100.0 * sum(count > 0 for count in regions.values()) / len(regions),
			 'regions': len(regions)}
			for name, regions in sorted(names.items(), key=lambda one: min(one[1], default=())) if regions]
		for place, names in found.items()}


def summarise(data):
	"""The page's object of llvm-cov's export: "lines" of all, and "files"."""
	of = functions(data)
	found, covered, count = [], 0, 0
	for entry in data['files']:
		place = _place(entry['filename'])
		if place is None or place not in of:
			continue
		lines, branches = entry['summary']['lines'], entry['summary']['branches']
		covered, count = covered + lines['covered'], count + lines['count']
		found.append({'name': place, 'lines': lines['percent'], 'branches': branches['percent'], 'functions': of[place]})
	if not count:
		raise Trouble('llvm-cov says nothing of the code under test')
	return {'lines': {'covered': covered, 'count': count, 'percent': 100.0 * covered / count},
		'files': sorted(found, key=lambda one: one['name'])}


def measure(directory, progress, live):
	"""
	Replays all programs in variant cov, and writes DIRECTORY/coverage.json.

	@live: function that shows a text

	Raises: Trouble, OSError, Interrupted.
	"""
	build.build(['out/cov/replay'], progress)
	raw = f'{directory}/profile'
	os.makedirs(raw, exist_ok=True)
	try:
		programs = sorted(path for pattern in PROGRAMS for path in glob.glob(pattern))
		ended = job.run(['out/cov/replay', '--skip-mutants', *programs], log=f'{directory}/coverage.log', seconds=SECONDS,
				env={'LLVM_PROFILE_FILE': f'{raw}/%4m.profraw'}, tick=lambda: live('coverage'))
		if ended.status not in (0, 1, 3):
			raise Trouble(f'coverage: {ended.words()}; see {directory}/coverage.log')
		job.output([_tool('llvm-profdata'), 'merge', '-sparse', *glob.glob(f'{raw}/*.profraw'), '-o', f'{raw}/all'])
		text = job.output([_tool('llvm-cov'), 'export', 'out/cov/replay', f'-instr-profile={raw}/all'])
		files.write(f'{directory}/coverage.json', json.dumps(summarise(json.loads(text[text.index('{'):])['data'][0])))
	finally:
		shutil.rmtree(raw, ignore_errors=True)
