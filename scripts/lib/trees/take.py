# SPDX-License-Identifier: GPL-2.0-only
"""
A tree becomes out/tree/NAME: src/ with copies of its files, fixed/ with the names of the flaws that are, MANIFEST.json, which says what they
are, and what ninja reads. Until all is checked nothing of that is touched.
"""
import contextlib
import hashlib
import json
import os
import re
import shutil

from lib import build, files, job
from lib.start import Trouble
from lib.trees import change, checks, debian, graph, header, lines, probe, prototype, source

MAKEFILE = 'Makefile'


class Wanted:
	"""
	What the user asks for; all of it can be written to the manifest and asked for again.

	@tree: "debian", "debian:7.2" or a directory
	@name: NAME, or None for one made of @tree and of the changes
	@patches: files to apply, in order; @fixes: the fixes of all known flaws, too, or of all but
	that of the flaw @but; @mutant: one known bug, or None
	@geometries: names, or None for all
	@since: see source.Directory
	@hooks: OLD=NEW: functions of core/linux/events.def that have another name in the tree
	@without: ids of checks that are left out
	"""

	def __init__(self, tree='debian', name=None, patches=(), fixes=False, mutant=None,
		     geometries=None, since=None, but=None, hooks=(), without=()):
		self.tree = tree
		self.name = name
		self.patches = list(patches)
		self.fixes = fixes
		self.but = but
		self.mutant = mutant
		self.geometries = geometries
		self.since = since
		self.hooks = list(hooks)
		self.without = list(without)

	def record(self):
		"""For the manifest: paths are absolute."""
		tree = os.path.realpath(self.tree) if os.path.isdir(self.tree) else self.tree
		return {'tree': tree, 'name': self.name, 'since': self.since, 'fixes': self.fixes,
			'patches': [os.path.abspath(path) for path in self.patches],
			'mutant': self.mutant, 'geometries': self.geometries, **({'but': self.but} if self.but else {}),
			**({'hooks': self.hooks} if self.hooks else {}),
			**({'without': self.without} if self.without else {})}

	def title(self, default):
		"""The NAME of the result."""
		name = self.name
		if name is None:
			parts = [default]
			parts += ['patched'] if self.patches else []
			parts += ['fixes'] if self.fixes else []
			parts += [self.mutant] if self.mutant else []
			name = '-'.join(parts)
		if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_.+-]*', name):
			raise Trouble(f"'{name}' cannot be a tree's name: letters, digits and . _ + - only")
		if name == 'build.ninja':
			raise Trouble(f"'{name}' cannot be a tree's name")
		return name


def _digest(data):
	return hashlib.sha256(data).hexdigest()


def _spread(directory, contents):
	for path, data in contents.items():
		place = os.path.join(directory, path)
		os.makedirs(os.path.dirname(place), exist_ok=True)
		with open(place, 'wb') as file:
			file.write(data)


def _gather(directory):
	found = {}
	for parent, _, entries in os.walk(directory):
		for entry in entries:
			place = os.path.join(parent, entry)
			with open(place, 'rb') as file:
				found[os.path.relpath(place, directory)] = file.read()
	return found


def _read(tree):
	"""The files of a source: {path: content}, and those that are missing."""
	contents, missing = {}, []
	listed = source.Listed()
	for path, optional in listed.files.items():
		data = tree.read(path)
		if data is not None:
			contents[path] = data
		elif not optional:
			missing.append((path, 'no such file'))
	contents.update(header.more(contents, listed, tree.read))
	return contents, missing


def _needed(copied, contents, changes, tree):
	"""
	What of the copy is needed: a patch may create a header that is included by none of our files,
	or include one of the tree's that was not taken before; that joins @contents.

	Return: what @copied is then.
	"""
	listed = source.Listed()
	base = {path: data for path, data in copied.items() if path in contents}
	extra = header.more(base, listed, lambda path: copied.get(path) or tree.read(path))
	contents.update({path: data for path, data in extra.items() if path not in copied})
	unused = set(copied) - set(base) - set(extra)
	for patch in changes['patches']:
		patch['left_out'] = sorted(set(patch['left_out']) | (unused & set(patch['applied'])))
		patch['applied'] = [path for path in patch['applied'] if path not in unused]
	return {**base, **extra}


def _probe(tree, contents, missing):
	"""
	What the tree is. Raises: Trouble that says what it lacks, and what is known to work.
	"""
	answer = probe.Answer(contents)
	gone = {path for path, _ in missing}
	missing = missing + [need for need in answer.missing if need[0] not in gone]
	if not missing and answer.generation is not None:
		return answer
	known = f"known to work: {' '.join(answer.table.known)}"
	if not missing:
		has = ' '.join(name for name, there in answer.features.items() if there) or 'nothing'
		raise Trouble(f'{tree.words()}: Linux {tree.version} is of no known generation: of the features '
			      f'in {probe.TABLE} it has {has}\n  {known}')
	width = max(len(path) for path, _ in missing)
	lines = [f'    {path:{width}}  {text}' for path, text in sorted(missing)]
	raise Trouble(f'{tree.words()}: Linux {tree.version} cannot be served, it lacks\n' + '\n'.join(lines)
		      + f'\n  {known}')


def _identical(tree, contents):
	"""Reads the source once more. Raises: Trouble if it changed meanwhile."""
	changed = [path for path, data in contents.items() if tree.read(path) != data]
	if changed:
		raise Trouble(f"{tree.words()}: {' '.join(changed)} changed while it was read; run again")


def _sync(directory, contents):
	"""Makes a directory what it must be; files that are so already keep their time."""
	os.makedirs(directory, exist_ok=True)
	for parent, _, entries in os.walk(directory):
		for entry in entries:
			path = os.path.relpath(os.path.join(parent, entry), directory)
			if path not in contents:
				os.unlink(os.path.join(parent, entry))
	for path, data in contents.items():
		place = os.path.join(directory, path)
		with contextlib.suppress(FileNotFoundError):
			with open(place, 'rb') as file:
				if file.read() == data:
					continue
		os.makedirs(os.path.dirname(place), exist_ok=True)
		files.write(place, data)


def _put(name, copied, manifest, prototypes):
	"""Writes what is out/tree/NAME, but for what ninja reads."""
	_sync(f'{graph.DIRECTORY}/{name}/src', copied)
	_sync(f'{graph.DIRECTORY}/{name}/include', {'prototypes.h': prototypes.text.encode()})
	_sync(f'{graph.DIRECTORY}/{name}/empty', {path: b'' for path in manifest['empty']})
	link = f'{graph.DIRECTORY}/{name}/tree'		# for #include <tree/mm/...>
	if not os.path.islink(link):
		os.symlink('src', link)
	for path, data in _gather(f'{graph.DIRECTORY}/{name}/src').items():
		if _digest(data) != manifest['files'][path]['copy']:
			raise Trouble(f'{graph.DIRECTORY}/{name}/src/{path} is not what was written to it')
	# for explore, which does not name a flaw that is mended
	_sync(f'{graph.DIRECTORY}/{name}/fixed', {flaw: b'' for flaw in manifest['fixes'] or ()})
	files.write(f'{graph.DIRECTORY}/{name}/MANIFEST.json', json.dumps(manifest, indent=1) + '\n')


def _same_source(name, about):
	"""Raises: Trouble if NAME is of another source already."""
	before = files.read_json(f'{graph.DIRECTORY}/{name}/MANIFEST.json')
	if before is None:
		return
	old = before.get('source', {})
	if (old.get('kind'), old.get('path')) != (about['kind'], about.get('path')):
		what = old.get('path') or "Debian's"
		raise Trouble(f"{graph.DIRECTORY}/{name} is of {what}; give this tree another --name")


def _changes(wanted, directory, ours):
	"""
	Applies what is asked for to the copy. Its line numbers stay those of the tree with the patches.

	Return: what the manifest says of it.
	"""
	patches = change.patches(directory, wanted.patches, ours)
	theirs = _gather(directory)
	changes = {'patches': patches,
		   'fixes': change.fixes(directory, ours, wanted.but) if wanted.fixes else None,
		   'mutant': {'id': wanted.mutant, 'applied': change.mutant(directory, wanted.mutant, ours)}
		   if wanted.mutant else None}
	_spread(directory, {path: lines.number(theirs[path], data) for path, data in _gather(directory).items()
			    if path in theirs and data != theirs[path]})
	return changes


def take(wanted, progress, update=False):
	"""
	Takes a tree.

	@wanted: Wanted
	@update: look for a newer package of Debian's

	Return: the manifest, and notes for the user. Raises: Trouble, OSError, Interrupted; out/tree is
	as it was then.
	"""
	geometries = wanted.geometries or graph.geometries()
	for geometry in geometries:
		if geometry not in graph.geometries():
			raise Trouble(f"--geometry: there is no '{geometry}'; there are {', '.join(graph.geometries())}")
	checks.known(wanted.without)
	with build.waiting(os.path.join(debian.cache(), 'lock'), progress, 'another download'):
		tree = source.find(wanted.tree, wanted.since, update, progress)
		contents, missing = _read(tree)
	name = wanted.title(tree.name)
	if wanted.name is None:
		_same_source(name, tree.about)
	stage = f'{graph.DIRECTORY}/.{name}.{os.getpid()}'
	try:
		shutil.rmtree(stage, ignore_errors=True)
		_spread(stage, contents)
		changes = _changes(wanted, stage, contents)
		copied = _needed(_gather(stage), contents, changes, tree)
	finally:
		shutil.rmtree(stage, ignore_errors=True)
	answer = _probe(tree, copied, missing)
	prototypes = prototype.Header(copied, prototype.renamed(wanted.hooks))
	_identical(tree, contents)
	touched = sorted(path for path in copied if copied[path] != contents.get(path))
	headers = [f'{path} {_digest(data)}' for path, data in sorted(copied.items()) if path.endswith('.h')]
	manifest = {
		'name': name, 'version': tree.version, 'source': tree.about, 'generation': answer.generation,
		'features': answer.features, 'api': answer.flags() + checks.flags(wanted.without),
		'geometries': geometries, 'without': wanted.without, **changes,
		'changed': touched, 'changes': len(touched), 'headers': _digest('\n'.join(headers).encode()),
		'files': {path: {'tree': _digest(contents[path]) if path in contents else None,
				 'copy': _digest(data)} for path, data in sorted(copied.items())},
		'empty': header.empty(copied, source.Listed()),
		'wanted': wanted.record(),
	}
	with build.locked(progress):
		_put(name, copied, manifest, prototypes)
		graph.write()
	notes = [f'{where}: {what}: the event of this function is missing, and a check that needs it is quiet; if it has '
		 'another name now: --hook OLD=NEW' for where, what in prototypes.absent]
	return manifest, tree.words(), tree.notes + notes


def again(name, progress):
	"""
	Takes the tree out/tree/NAME once more, as it was asked for, with what changed in it since.

	Return: as take(). Raises: Trouble if there is none, or as take().
	"""
	manifest = graph.trees().get(name)
	if manifest is None:
		have = ', '.join(graph.trees()) or 'none'
		raise Trouble(f"there is no tree '{name}' in {graph.DIRECTORY}; there are: {have}")
	wanted = Wanted(**{**manifest['wanted'], 'name': name})
	return take(wanted, progress)


def resolve(text, progress, **more):
	"""
	For the option --tree of other scripts: the name of a tree that is there, which is taken
	again, or else what scripts/tree takes. What it is, is said.

	@more: as Wanted has them, for a tree that is taken

	Return: the manifest. Raises: as take().
	"""
	if not more and text in graph.trees():
		manifest, words, notes = again(text, progress)
	else:
		manifest, words, notes = take(Wanted(text, **more), progress)
	changed = f", changed: {' '.join(manifest['changed'])}" if manifest['changed'] else ''
	progress.say(f"tree {manifest['name']}: Linux {manifest['version']}, {words}{changed}")
	if manifest['without']:
		progress.say(checks.words(manifest))
	for note in notes:
		progress.say(note)
	return manifest
