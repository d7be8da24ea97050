# SPDX-License-Identifier: GPL-2.0-only
"""scripts/coverage: which lines and branches of core/swap programs reach."""
import os

from lib import build, evidence, files, job, options
from lib.progress import Progress
from lib.trees import coverage as trees, graph
from lib.verdict import Verdict

LIST, RESULT = 'out/coverage.files', 'out/coverage/result'
TEXT = """
Shows which lines and branches of core/swap the corpus reaches when it is replayed in variant cov: HTML in
out/coverage, numbers, and every line that no program reaches. Unreachable lines are listed in
scripts/coverage-unreachable, each with its reason; mutants are off, and assertions never fire.
Exit status: 0 at least 95 % of the other lines and 90 % of the other branches are reached, 1 fewer are, or a
program failed, 2 not done.

With --tree it shows the lines of a kernel tree's files in mm/ that generated programs, or the given ones, reach
under explore: HTML in out/coverage-tree. There is no goal for a tree.
"""


def parse(argv):
	"""The arguments of scripts/coverage. Return: them, and the programs."""
	parser = options.Parser('coverage', TEXT)
	parser.add_argument('paths', metavar='FILE|DIR', nargs='*', type=options.word,
			    help='programs to replay (default: those of corpus that are for core/swap)')
	parser.add_argument('--tree', metavar='TREE', type=options.word,
			    help='measure this kernel tree: a NAME of out/tree, or what scripts/tree takes')
	parser.add_argument('--geometry', choices=graph.geometries(), help='geometry of the tree')
	parser.add_argument('--seconds', metavar='S', type=options.number(1, 10 ** 6),
			    help='how long the tree is explored (default 30)')
	programs = []
	args = parser.parse_args(argv)
	if (args.geometry or args.seconds) and not args.tree:
		parser.error("--geometry and --seconds are for --tree")
	for path in args.paths or ([] if args.tree else ['corpus/litmus', 'corpus/regress', 'corpus/seeds']):
		if os.path.isdir(path):
			programs += _below(path, every=bool(args.paths))
		elif os.path.isfile(path):
			programs.append(path)
		elif os.path.exists(path):
			parser.error(f"'{path}' is no regular file")
		else:
			parser.error(f"no file or directory '{path}'")
	if not programs and (args.paths or not args.tree):
		parser.error('no programs')
	return args, programs


def _below(path, every):
	"""Programs below a directory; what the fuzzers keep has no ending."""
	names = sorted(os.path.join(directory, name) for directory, _, names in os.walk(path) for name in names)
	if every:
		return [name for name in names if not name.endswith(('.md', '.txt'))]
	return [name for name in names if name.endswith('.prog')]


def main(argv):
	"""Return: the exit status."""
	args, programs = parse(argv)
	progress = Progress('coverage')
	lock = files.only_one('coverage')
	try:
		if args.tree:
			return trees.coverage(args.tree, args.geometry or graph.geometries()[0], args.seconds or 30,
					      programs, progress)
		build.build(['out/cov/replay'], progress)
		files.write(LIST, ''.join(name + '\0' for name in programs))
		if os.path.exists(RESULT):
			os.unlink(RESULT)
		verdict = Verdict('coverage')
		ended = job.finish(job.Job(['scripts/lib/coverage.sh', LIST]), every=2,
				   tick=None if not progress.terminal else lambda: progress.live(f'{len(programs)} programs'))
		progress.settle()
		result = evidence.read(RESULT).strip()
		if job.interrupted():
			verdict.incomplete(f'interrupted by {job.interrupted()}')
		elif ended.status != 0 or not result:
			verdict.incomplete(ended.words())
		if result == 'failed':
			verdict.fail('a program does not do what it expects')
		elif result == 'less':
			verdict.fail('less than 95 % of the lines or 90 % of the branches')
		verdict.amount(f'{len(programs)} programs', f"{len(programs) if result else 0}; out/coverage/html/index.html")
		return verdict.close()
	finally:
		job.end()
		lock.release()
