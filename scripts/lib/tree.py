# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/tree: takes a kernel tree, so that the harness is built with its own mm/swapfile.c,
mm/swap_state.c, mm/swap_table.h and what they need, byte for byte.
"""
import argparse
import os

from lib import build, options
from lib.progress import Progress
from lib.start import PASS, Trouble
from lib.trees import checks, graph, source, take

TEXT = """\
Takes a kernel tree: copies the files that are built, checks them, detects which generation of
the API the tree has, and writes the build files for ninja. The tree itself is never written.

  TREE  debian         Debian's source of the newest version that is known to work (default)
        debian:7.3     Debian's source of this version
        DIR            a directory with a kernel tree, such as a git worktree
"""
EPILOG = """\
The result is out/tree/NAME: src/ has the files, MANIFEST.json describes them. Then
  ninja -f out/tree/build.ninja NAME/dev-8-slab
builds out/tree/NAME/dev-8-slab/explore and the other programs; any VARIANT-GEOMETRY works.
After a change in the tree, run scripts/tree and ninja again; only what changed is built.
Exit status: 0, or 2 if the tree cannot be taken, in which case nothing is changed.
"""


def _geometries(text):
	names = text.split(',')
	for name in names:
		if name not in graph.geometries():
			raise argparse.ArgumentTypeError(
				f"there is no '{name}'; there are {', '.join(graph.geometries())}")
	return [name for name in graph.geometries() if name in names]


def _checks(text):
	return sorted(set(text.split(',')))


def _parser():
	parser = options.Parser('tree', TEXT)
	parser.epilog = EPILOG
	parser.add_argument('tree', metavar='TREE', nargs='?', type=options.word)
	parser.add_argument('--name', metavar='NAME', type=options.word,
			    help='of the result (default: debian, debian-7.3 or the name of DIR, with '
			    '-patched, -fixes, -ID for what is changed)')
	parser.add_argument('--patch', metavar='FILE', action='append', default=[], type=options.word,
			    help='apply this to the copy: a patch or mbox as git format-patch writes it, a '
			    'diff, or a semantic patch FILE.cocci; may be given more than once, in this '
			    'order. A patch is for the tree as it is: fixes and mutants come after it')
	parser.add_argument('--fixes', action='store_true',
			    help='then apply the fixes of the known flaws (corpus/linux/fixes)')
	parser.add_argument('--mutant', metavar='ID', type=options.word,
			    help='then plant a known bug (corpus/linux/mutants)')
	parser.add_argument('--hook', metavar='OLD=NEW', action='append', default=[], type=options.word,
			    help='the function OLD, of core/linux/events.def, is called NEW in this tree; may be '
			    'given more than once')
	parser.add_argument('--without', metavar='LIST', type=_checks, default=[],
			    help='leave these checks out (ids of core/check/checks.def, INV-* and PROG-*), for a patch '
			    'that changes on purpose what they check; verdicts name them')
	parser.add_argument('--geometry', metavar='LIST', type=_geometries,
			    help=f"clusters of 8 slots or 512, tables from slab or whole pages: of "
			    f"{','.join(graph.geometries())} (default: all)")
	parser.add_argument('--since', metavar='REV', type=options.word,
			    help='for a git worktree: list what changed since REV outside the files that are built')
	parser.add_argument('--update', action='store_true', help="look for a newer package of Debian's")
	parser.add_argument('--build', metavar='VARIANT-GEOMETRY', action='append', default=[],
			    type=options.word, help='then build this; may be given more than once')
	parser.add_argument('--again', metavar='NAME', type=options.word,
			    help='take out/tree/NAME again, with the same options, from its tree as it is now')
	parser.add_argument('--remove', metavar='NAME', type=options.word, help='remove out/tree/NAME')
	parser.add_argument('--list', action='store_true', help='list the trees that were taken')
	return parser


def _from_there(path):
	"""A path given in the directory where scripts/tree was started; scripts run in the top."""
	there = os.environ.get('STARTED_IN')
	if os.path.isabs(path) or not there:
		return path
	return os.path.relpath(os.path.join(there, path))


def _list():
	trees = graph.trees()
	width = max([len(name) for name in trees] + [4])
	for name, manifest in trees.items():
		changed = f", changed: {' '.join(manifest['changed'])}" if manifest['changed'] else ''
		what = manifest['source'].get('path') or manifest['source'].get('package')
		print(f"{name:{width}}  Linux {manifest['version']}  {what}{changed}")
	return PASS


def _say_changes(manifest, progress):
	"""Which patches were applied, what of them was left out, which fixes are gone."""
	for patch in manifest['patches']:
		name = f" (\"{patch['subject']}\")" if patch['subject'] else ''
		if patch['applied']:
			progress.say(f"applied {patch['file']}{name} to {' '.join(patch['applied'])}")
		else:
			progress.say(f"nothing to apply of {patch['file']}{name}")
		if patch['left_out']:
			progress.say(f"    left out, not among the files that are built: {' '.join(patch['left_out'])}")
	for name, applied in (manifest['fixes'] or {}).items():
		if applied:
			progress.say(f"fixed {name} in {' '.join(applied)}")
		else:
			progress.say(f'gone: {name}: its fix matches nothing in this tree')
	if manifest['mutant']:
		progress.say(f"planted {manifest['mutant']['id']} in {' '.join(manifest['mutant']['applied'])}")


def _say(manifest, words, notes, progress):
	name = manifest['name']
	progress.say(f"Linux {manifest['version']}: {words}")
	for note in notes:
		progress.say(note)
	_say_changes(manifest, progress)
	total, changed = len(manifest['files']), manifest['changed']
	if changed:
		progress.say(f"{total - len(changed)} of {total} files are the tree's, byte for byte; "
			     f"changed: {' '.join(changed)}")
	else:
		progress.say(f"{total} files, byte for byte the tree's")
	features = [feature for feature, there in manifest['features'].items() if there]
	progress.say(f"API {manifest['generation']}; features: {' '.join(features) or 'none'}")
	if manifest['without']:
		progress.say(checks.words(manifest))
	progress.say(f"geometries: {' '.join(manifest['geometries'])}; variants: {' '.join(graph.VARIANTS)}")
	progress.say(f"{graph.DIRECTORY}/{name} is ready: ninja -f {graph.TOP} {name}/dev-{manifest['geometries'][0]}")


def _built(word):
	"""VARIANT and GEOMETRY of a word."""
	for geometry in graph.geometries():
		if word.endswith(f'-{geometry}') and word[:-len(geometry) - 1] in graph.VARIANTS:
			return word[:-len(geometry) - 1], geometry
	raise Trouble(f"--build {word}: expected VARIANT-GEOMETRY, as in dev-8-slab; variants: "
		      f"{' '.join(graph.VARIANTS)}; geometries: {' '.join(graph.geometries())}")


def _check(args):
	"""What argparse does not see. Raises: Trouble."""
	what = args.tree or args.name or args.patch or args.fixes or args.mutant or args.geometry or \
		args.since or args.update or args.hook or args.without
	if (args.again or args.remove) and (what or args.again and args.remove):
		raise Trouble('--again and --remove take a NAME that is there: no other option changes it')
	if args.remove and args.build:
		raise Trouble('--build what --remove removes?')
	for word in args.build:
		_, geometry = _built(word)
		if args.geometry and geometry not in args.geometry:
			raise Trouble(f"--build {word}: --geometry leaves {geometry} out")


def _wanted(args):
	"""What take.take() is asked for; paths are those of the directory where the script was started."""
	tree = args.tree or 'debian'
	if not source.is_debian(tree):
		path = _from_there(tree)
		if tree in graph.trees() and not os.path.exists(path):
			raise Trouble(f"no directory '{tree}'; it is the name of a tree that was taken: --again {tree} takes it again")
		tree = path
	return take.Wanted(tree, args.name, [_from_there(path) for path in args.patch], args.fixes,
			   args.mutant, args.geometry, args.since, hooks=args.hook, without=args.without)


def main(argv):
	"""See TEXT. Return: the exit status. Raises: Trouble, OSError, Interrupted."""
	args = _parser().parse_args(argv)
	if args.list:
		return _list()
	_check(args)
	progress = Progress('tree')
	if args.remove:
		with build.locked(progress):
			graph.remove(args.remove)
		return PASS
	if args.again:
		taken = take.again(args.again, progress)
	else:
		taken = take.take(_wanted(args), progress, args.update)
	with build.locked(progress):
		build.setup()		# ninja is what comes next
	_say(*taken, progress)
	if args.build:
		name = taken[0]['name']
		build.build([f'{name}/{word}' for word in args.build], progress, file=graph.TOP)
		for word in args.build:
			progress.say(f'built {graph.DIRECTORY}/{name}/{word}')
	return PASS
