# SPDX-License-Identifier: GPL-2.0-only
"""
What ninja reads of trees: names only. The graph itself is committed: scripts/ninja/tree-*.ninja
and the fragments that they include.

Trees with the same headers, generation and features differ in .c files only. They share the
objects of everything else: those of the one that has the fewest changes, the owner.
"""
import os
import re
import shutil

from lib import files
from lib.start import Trouble

DIRECTORY = 'out/tree'
TOP = f'{DIRECTORY}/build.ninja'
GEOMETRIES = 'core/linux/geometry'
HEAD = '# written by scripts/tree: run it again instead of editing this\n'

ENGINES = ('scripts/ninja/tree-objects.ninja', 'scripts/ninja/tree-programs.ninja')
FUZZERS = ('scripts/ninja/tree-fuzz-objects.ninja', 'scripts/ninja/tree-fuzz-programs.ninja')
FAST = ('scripts/ninja/tree-fast-objects.ninja', 'scripts/ninja/tree-fast-programs.ninja')
# variant: the fragments of what trees share, and of what is a tree's own
VARIANTS = {
	'dev': ENGINES, 'asan': ENGINES, 'tsan': ENGINES, 'cov': ENGINES, 'bench': ENGINES,
	'bench-nochecks': ENGINES, 'fuzz-asan': FUZZERS, 'fuzz-tsan': FUZZERS,
	'fast': FAST,
}


def geometries():
	"""The names of all geometries, in the order of their files' names, 512 last."""
	names = [name[:-len('.ninja')] for name in os.listdir(GEOMETRIES) if name.endswith('.ninja')]
	return sorted(names, key=lambda name: (int(re.match(r'\d+', name).group()), name != '8-slab', name))


def programs(name, variant, geometry):
	"""The directory of a tree's programs."""
	return f'{DIRECTORY}/{name}/{variant}-{geometry}'


def _put(path, text):
	"""Writes a file if it says something else: ninja goes by times."""
	try:
		with open(path, encoding='utf-8') as file:
			if file.read() == text:
				return
	except OSError:
		pass
	os.makedirs(os.path.dirname(path), exist_ok=True)
	files.write(path, text)


def trees():
	"""The manifests of all trees there are: {name: manifest}."""
	found = {}
	if os.path.isdir(DIRECTORY):
		for entry in sorted(os.listdir(DIRECTORY)):
			manifest = files.read_json(os.path.join(DIRECTORY, entry, 'MANIFEST.json'))
			if manifest and manifest.get('name') == entry:
				found[entry] = manifest
	return found


def _owners(manifests):
	"""Whose objects each tree uses: {name: name}."""
	groups = {}
	for name, manifest in manifests.items():
		key = (manifest['headers'], manifest['generation'], tuple(manifest['api']))
		groups.setdefault(key, []).append(name)
	found = {}
	for names in groups.values():
		for name in names:
			# it must build what the other needs
			able = [other for other in names
				if set(manifests[name]['geometries']) <= set(manifests[other]['geometries'])]
			found[name] = min(able, key=lambda other: (manifests[other]['changes'],
								   -len(manifests[other]['geometries']), other))
	# an owner owns itself
	for name, owner in found.items():
		while found[owner] != owner:
			owner = found[owner]
		found[name] = owner
	return found


def _scopes(name, owner, manifest):
	"""The files of one tree, a scope for each variant and geometry: {path: text}."""
	top = f'{DIRECTORY}/{name}'
	written = {}
	for geometry in manifest['geometries']:
		for variant, (shared, own) in VARIANTS.items():
			build = f'{variant}-{geometry}'
			lines = [f'v = {name}/{build}', f'o = {DIRECTORY}/{owner}/{build}', f'p = {top}/{build}',
				 f'dev = {top}/dev-{geometry}', f'include {GEOMETRIES}/{geometry}.ninja',
				 f'include scripts/ninja/flags/{variant}.ninja']
			if owner == name:
				lines.append(f'include {shared}')
			lines += [f'include {own}', f'build {name}/{build}: phony $p/all']
			written[f'{top}/ninja/{build}.ninja'] = HEAD + '\n'.join(lines) + '\n'
	lines = [f'tree = {top}', f'owner = {DIRECTORY}/{owner}', f"generation = {manifest['generation']}",
		 f"api = {' '.join(manifest['api'])}"]
	lines += [f'subninja {path}' for path in written]
	written[f'{top}/tree.ninja'] = HEAD + '\n'.join(lines) + '\n'
	return written


def write():
	"""Writes what ninja reads, for all trees there are. Raises: OSError."""
	manifests = trees()
	owners = _owners(manifests)
	for name, manifest in manifests.items():
		written = _scopes(name, owners[name], manifest)
		for path, text in written.items():
			_put(path, text)
		directory = f'{DIRECTORY}/{name}/ninja'
		for entry in os.listdir(directory):
			if f'{directory}/{entry}' not in written:
				os.unlink(f'{directory}/{entry}')
	_put(TOP, HEAD + f"""ninja_required_version = 1.10
builddir = {DIRECTORY}
include out/toolchain.ninja
include scripts/ninja/flags/all.ninja
include scripts/ninja/rules.ninja
include scripts/ninja/tree-rules.ninja
""" + ''.join(f'subninja {DIRECTORY}/{name}/tree.ninja\n' for name in manifests))
	return owners


def of_user(text):
	"""@text with the paths of copies as those of the user's files; a path within the tree for Debian's source."""
	def path(match):
		manifest = files.read_json(f'{DIRECTORY}/{match[1]}/MANIFEST.json') or {}
		return os.path.join(manifest.get('source', {}).get('path', ''), match[2])
	return re.sub(rf'\b{DIRECTORY}/([^/\s]+)/(?:src|tree)/([\w./+-]+)', path, text)


def remove(name):
	"""
	Removes out/tree/NAME, and what ninja reads of it.

	Raises: Trouble if there is no such tree; OSError.
	"""
	if name not in trees():
		raise Trouble(f"there is no tree '{name}' in {DIRECTORY}; there are: {' '.join(trees()) or 'none'}")
	shutil.rmtree(f'{DIRECTORY}/{name}')
	write()
