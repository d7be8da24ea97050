# SPDX-License-Identifier: GPL-2.0-only
"""Which lines of a kernel tree's files are reached: scripts/coverage --tree."""
import glob
import json
import os
import re
import shlex
import shutil

from lib import build, evidence, job
from lib.start import Trouble
from lib.trees import checks, graph, take
from lib.verdict import Verdict

OUT = 'out/coverage-tree'


def _tool(name):
	"""The LLVM tool that our compiler comes with, whatever it is called. Raises: Trouble if it is not there."""
	compiler = re.search(r'^cc = (.*)', evidence.read('out/toolchain.ninja'), re.M)[1]
	tool = job.output([*shlex.split(compiler), f'-print-prog-name={name}']).strip()
	if not shutil.which(tool):
		raise Trouble(f'no {tool}')
	return tool


def _run(argv, name, progress, good=(0,)):
	"""Runs a program into a log of its name. Raises: Trouble if it does not end with one of @good."""
	log = f'{OUT}/{name}.log'
	ended = job.run(argv, log=log, env={'LLVM_PROFILE_FILE': f'{OUT}/%4m.profraw'},
			tick=lambda: progress.live(name), every=1)
	progress.settle()
	if ended.status not in good:
		raise Trouble(f'{name}: {ended.words()}; see {log}')
	return log


def _numbers(binary, sources):
	"""Prints lines, branches and functions of each of the tree's files. Return: lines reached, of all."""
	text = job.output([_tool('llvm-cov'), 'export', binary, f'-instr-profile={OUT}/profile', '-summary-only'])
	data = json.loads(text[text.index('{'):])['data'][0]['files']
	print(f"{'file':<28} {'lines':>14} {'branches':>14} {'functions':>14}")
	reached = total = 0
	for path in sources:
		found = [entry for entry in data if entry['filename'].endswith('/' + path) or entry['filename'] == path]
		if not found:
			continue
		cells = []
		for kind in ('lines', 'branches', 'functions'):
			number = found[0]['summary'][kind]
			cells.append(f"{number['covered']}/{number['count']} {number['percent']:3.0f} %")
		reached += found[0]['summary']['lines']['covered']
		total += found[0]['summary']['lines']['count']
		print(f'{path:<28} {cells[0]:>14} {cells[1]:>14} {cells[2]:>14}')
	return reached, total


def coverage(text, geometry, seconds, programs, progress):
	"""
	Runs generated programs, or @programs, on a tree in variant cov, and says what they reach.

	@text: the tree, as take.resolve() has it
	@geometry: of the programs
	@seconds: of exploration
	@programs: files for explore, or none for generated ones

	Return: the exit status. Raises: Trouble, Interrupted.
	"""
	manifest = take.resolve(text, progress)
	if geometry not in manifest['geometries']:
		raise Trouble(f"tree {manifest['name']} was taken for {' '.join(manifest['geometries'])} only")
	directory = graph.programs(manifest['name'], 'cov', geometry)
	build.build([f'{directory}/explore'], progress, file=graph.TOP)
	shutil.rmtree(OUT, ignore_errors=True)
	os.makedirs(OUT)
	# failures of the tree's own are no failure of the measurement
	log = _run([f'{directory}/explore', '--seconds', str(seconds), '--keep-going', '--quiet', '--out',
		    f'{OUT}/findings', *programs], 'explore', progress, good=(0, 1))
	_run([_tool('llvm-profdata'), 'merge', '-sparse', *glob.glob(f'{OUT}/*.profraw'), '-o', f'{OUT}/profile'],
	     'llvm-profdata', progress)
	sources = [path for path in manifest['files'] if path.startswith('mm/')]
	reached, total = _numbers(f'{directory}/explore', sources)
	# the compiler was told that the files are where they are in the tree
	copies = os.path.abspath(f"{graph.DIRECTORY}/{manifest['name']}/src/mm")
	_run([_tool('llvm-cov'), 'show', f'{directory}/explore', f'-instr-profile={OUT}/profile', '-format=html',
	      '-show-branches=count', f'-output-dir={OUT}/html', f"-path-equivalence={os.path.abspath('mm')},{copies}",
	      *[f'{copies}/{os.path.basename(path)}' for path in sources]], 'llvm-cov', progress)
	said = [line for line in evidence.read(log).splitlines() if line.startswith('explore:')]
	progress.say(said[-1] if said else f'see {log}')
	verdict = Verdict('coverage', f"{checks.parameter(manifest['name'])} geometry={geometry} seconds={seconds:g}")
	if not total:
		verdict.incomplete('no line of the tree was counted')
	verdict.amount(f'{seconds:g} s', f"{reached} of {total} lines reached; {OUT}/html/index.html")
	return verdict.close()
