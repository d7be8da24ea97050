# SPDX-License-Identifier: GPL-2.0-only
"""
Changes of a copy: patches as they are mailed, and semantic patches (SmPL, by coccinelle's
spatch). Hunks for files that are not ours are left out, and named.
"""
import glob
import os
import re
import shutil

from lib import job
from lib.start import Trouble
from lib.trees import diff, header

CORPUS = os.environ.get('SWAPHAMMER_CORPUS', 'corpus/linux')	# another one: for tests
FIXES = f'{CORPUS}/fixes'
MUTANTS = f'{CORPUS}/mutants'


def _read(path):
	with open(path, 'rb') as file:
		return file.read()


def _git_apply(directory, part, where):
	"""Applies one FileDiff in @directory."""
	new = os.path.join(directory, '.part.diff')
	log = os.path.join(directory, '.part.log')
	with open(new, 'wb') as file:
		file.write(part.text())

	def git_apply(*more):
		# else git takes the directory for a part of our own repository
		above = os.path.dirname(os.path.abspath(directory))
		ended = job.run(['git', 'apply', '--whitespace=nowarn', '--verbose', *more, '.part.diff'],
				log=log, cwd=directory, seconds=60,
				env={'GIT_CEILING_DIRECTORIES': above, 'GIT_DIR': None, 'GIT_WORK_TREE': None})
		return ended, _read(log).decode('utf-8', 'replace')
	try:
		ended, text = git_apply()
		there = ended.status != 0 and git_apply('--reverse', '--check')[0].status == 0
	finally:
		for path in (new, log):
			if os.path.exists(path):
				os.unlink(path)
	if ended.status == 0:
		return
	if there:
		raise Trouble(f'{where}: the change of {part.path} is in the tree already')
	match = re.search(r'^error: patch failed: .*:(\d+)$', text, re.M)
	for number, hunk in enumerate(part.hunks, 1):
		line = hunk[0].decode('utf-8', 'replace').rstrip()
		if match and re.match(rf'@@ -{match.group(1)}[, ]', line):
			raise Trouble(f'{where}: hunk {number} of {len(part.hunks)} for {part.path} does not apply: {line}')
	errors = [line[7:] for line in text.splitlines() if line.startswith('error: ')]
	raise Trouble(f"{where}: the change of {part.path} does not apply: {'; '.join(errors) or ended.words()}")


def _patch(directory, path, ours):
	"""Applies the patches in one file. Return: what the manifest says of each."""
	try:
		data = _read(path)
	except OSError as error:
		raise Trouble(f"--patch {path}: {error.strerror}") from error
	said = []
	for patch in diff.parse(data, path):
		applied, left = [], []
		for part in patch.files:
			old = part.old or part.path
			if part.new and part.hunks and part.path not in ours and header.belongs(part.path):
				_git_apply(directory, part, path)	# whether it is needed: trees.take
				applied.append(part.path)
				continue
			if part.path not in ours and old not in ours:
				left.append(part.path)
				continue
			if part.gone or part.new or part.binary or old != part.path:
				kind = 'deletes' if part.gone else 'creates' if part.new else \
				       'has a binary change of' if part.binary else f'renames {old} to'
				raise Trouble(f'{path}: it {kind} {part.path}, which the harness builds: '
					      'that cannot be served')
			if part.hunks:
				_git_apply(directory, part, path)
				applied.append(part.path)
		said.append({'file': os.path.abspath(path), 'subject': patch.subject,
			     'applied': applied, 'left_out': left})
	if not any(patch['applied'] for patch in said):
		left = sorted({name for patch in said for name in patch['left_out']})
		raise Trouble(f"{path}: none of its files is among those that the harness builds: {' '.join(left)}")
	return said


def _spatch():
	"""Sees to it that there is an spatch."""
	if not shutil.which('spatch') and job.run(['scripts/setup', 'tree']).status != 0:
		raise Trouble('scripts/setup tree failed: semantic patches are applied by spatch (coccinelle)')


def semantic(directory, path, ours):
	"""
	Applies a semantic patch. Which files it is tried on it may say itself, in a line
	"// File: mm/swapfile.c"; without one it is tried on all of ours in mm/.

	Return: the files that it changed, maybe none. Raises: Trouble if it is no semantic patch.
	"""
	_spatch()
	text = _read(path).decode('utf-8', 'replace')
	wanted = re.findall(r'^//\s*File:\s*(\S+)\s*$', text, re.M)
	for name in wanted:
		if name not in ours:
			raise Trouble(f"{path}: its '// File: {name}' is not among the files that the harness builds")
	changed = []
	for name in wanted or sorted(name for name in ours if name.startswith('mm/')):
		target = os.path.join(directory, name)
		if not os.path.exists(target):
			continue
		before = _read(target)
		log = os.path.join(directory, '.spatch.log')
		ended = job.run(['spatch', '--sp-file', path, '--no-includes', '--very-quiet', '--in-place',
				 target], log=log, seconds=120)
		said = _read(log).decode('utf-8', 'replace')
		os.unlink(log)
		if ended.status != 0:
			tail = '\n'.join('    ' + line for line in said.strip().splitlines()[-12:])
			raise Trouble(f'{path}: spatch, on {name}: {ended.words()}\n{tail}')
		if _read(target) != before:
			changed.append(name)
	return changed


def _sources(directory, ours):
	"""The files that a semantic patch may change: {name: content}."""
	return {name: _read(os.path.join(directory, name)) for name in sorted(ours)
		if name.startswith('mm/') and name.endswith('.c') and os.path.exists(os.path.join(directory, name))}


def _parses(directory, path, sources):
	"""
	A semantic patch that matches nothing may have met a function that spatch cannot read.

	Raises: Trouble that says where the first such function in a file of its is.
	"""
	wanted = re.findall(r'^//\s*File:\s*(\S+)\s*$', _read(path).decode('utf-8', 'replace'), re.M)
	for name in wanted or sources:
		if name not in sources:
			continue
		copy, log = (os.path.join(directory, name) for name in ('.parse.c', '.spatch.log'))
		with open(copy, 'wb') as file:
			file.write(sources[name])
		job.run(['spatch', '--parse-c', copy], log=log, seconds=120)
		said = _read(log).decode('utf-8', 'replace')
		os.unlink(log)
		os.unlink(copy)
		match = re.search(r'^(?:bad: .*\n)*bad: \{\n(?:bad: .*\n)*BAD:!!!!! (.*)\n', said, re.M)
		if match:
			lines = sources[name].decode('utf-8', 'replace').splitlines()
			line = lines.index(match[1]) + 1 if match[1] in lines else '?'
			raise Trouble(f"{name}:{line}: this function does not parse: {match[1].strip()}\n    so it is unknown "
				      f"whether {os.path.basename(path)} applies to it")


def known(directory):
	"""The semantic patches in a directory of the corpus: {id: path}."""
	return {os.path.basename(path)[:-len('.cocci')]: path
		for path in sorted(glob.glob(os.path.join(directory, '*.cocci')))}


def patches(directory, paths, ours):
	"""
	Applies the files given by --patch, in their order.

	Return: what the manifest says of each. Raises: Trouble for what does not apply, or is none.
	"""
	said = []
	for path in paths:
		if not os.path.isfile(path):
			raise Trouble(f"--patch {path}: {'no file' if os.path.exists(path) else 'no such file'}")
		if path.endswith('.cocci'):
			changed = semantic(directory, path, ours)
			if not changed:
				raise Trouble(f'{path}: it matches nothing in this tree')
			said.append({'file': os.path.abspath(path), 'subject': None, 'applied': changed,
				     'left_out': []})
		else:
			said += _patch(directory, path, ours)
	return said


def fixes(directory, ours, but=None):
	"""
	Applies the fixes of all known flaws, or of all but one. One that matches nothing is gone: this
	tree does not have the flaw, or not in that form.

	Return: {id: the files that it changed}. Raises: Trouble if a file cannot be read by spatch.
	"""
	sources = _sources(directory, ours)
	if but and but not in known(FIXES):
		raise Trouble(f"no known flaw '{but}'")
	applied = {name: semantic(directory, path, ours) for name, path in known(FIXES).items()
		   if name != but}
	for name, files in applied.items():
		if not files:
			_parses(directory, known(FIXES)[name], sources)
	return applied


def mutant(directory, name, ours):
	"""
	Plants one known bug.

	Return: the files that it changed. Raises: Trouble if it is unknown, or matches nothing.
	"""
	have = known(MUTANTS)
	if name not in have:
		raise Trouble(f"--mutant {name}: no such mutant; there are: {' '.join(have) or 'none'}")
	changed = semantic(directory, have[name], ours)
	if not changed:
		_parses(directory, have[name], _sources(directory, ours))
		raise Trouble(f'--mutant {name}: {have[name]} matches nothing in this tree')
	return changed
