# SPDX-License-Identifier: GPL-2.0-only
"""scripts/soak: the long runs of stress, in every configuration."""
import itertools
import shlex

from lib import build, files, job, options, stress
from lib.progress import Progress
from lib.start import Trouble
from lib.trees import checks, graph, take
from lib.verdict import Verdict

ENGINES = ('tsan', 'asan')
TEXT = """
Long runs of stress: a workload for every {tsan, asan} x {page, slab} x {8, 512 slots} and seed, 40 minutes by
default; on a kernel tree, for every {tsan, asan}, geometry and seed.
Exit status: 0 nothing wrong and all done, 1 a failure was found, 2 not done.
"""


def parse(argv):
	"""The arguments of scripts/soak."""
	parser = options.Parser('soak', TEXT)
	parser.add_argument('--seeds', metavar='N', type=options.integer(1, 10 ** 6), default=5,
			    help='seeds per configuration (default 5)')
	parser.add_argument('--seconds', metavar='S', type=options.number(0.1, 10 ** 7), default=60,
			    help='length of a run (default 60)')
	parser.add_argument('--threads', metavar='N', type=options.integer(1, 64), default=4,
			    help='pthreads (default 4)')
	parser.add_argument('--first', metavar='SEED', type=options.integer(0, 2 ** 63), default=1,
			    help='first seed (default 1)')
	parser.add_argument('--workload', metavar='W', type=options.word, default='mixed',
			    help='see out/dev/stress --list (default mixed)')
	parser.add_argument('--tree', metavar='TREE', type=options.word,
			    help='on this kernel tree: a NAME of out/tree, or what scripts/tree takes')
	return parser.parse_args(argv)


class Configuration:
	"""
	One run: `what` it is in words, `name` for files, `directory` of the program, `options` for it.
	"""

	def __init__(self, engine, geometry, seed, manifest):
		self.what = f'{engine} {geometry} seed={seed}'
		self.name = f'{engine}-{geometry}-{seed}'
		self.options = ['--seed', str(seed)]
		if manifest:		# a program has one geometry there
			self.directory = graph.programs(manifest['name'], engine, geometry)
			return
		slots, table = geometry.split('-')
		self.directory = f'out/{engine}'
		self.options += ['--table', table, '--slots', slots]


def configurations(args, manifest):
	"""
	Every run, in order.

	@manifest: of the kernel tree, or None
	"""
	geometries = manifest['geometries'] if manifest else ('8-page', '8-slab', '512-page', '512-slab')
	return [Configuration(engine, geometry, seed, manifest) for seed, geometry, engine in
		itertools.product(range(args.first, args.first + args.seeds), geometries, ENGINES)]


def soak(args, plan, progress, out):
	"""
	Runs all configurations, or those before a signal.

	@plan: Configurations
	@out: directory of logs and reports

	Return: the Verdict. Raises: Trouble if stress cannot be started, or has no such workload.
	"""
	names = [line.split()[0] for line in job.output([f'{plan[0].directory}/stress', '--list']).splitlines()]
	if args.workload not in names:
		raise Trouble(f"no workload '{args.workload}'{options.near(args.workload, names)}; "
			      f"there are {', '.join(names)}")
	verdict = Verdict('soak', f'workload={args.workload} threads={args.threads} seconds={args.seconds:g} '
				  f'first={args.first} seeds={args.seeds}' +
			  (f' {checks.parameter(args.tree)}' if args.tree else ''))
	done, compared = 0, 0
	for nr, configuration in enumerate(plan, 1):
		if job.interrupted():
			break
		what = configuration.what
		run = stress.Run(configuration.directory,
				 ['--workload', args.workload, '--threads', str(args.threads),
				  *configuration.options], args.seconds, f'{out}/{configuration.name}')
		run.run(lambda what=what, nr=nr: progress.live(f'{nr}/{len(plan)} runs  {what}'))
		compared += run.report.get('faults_compared', 0)
		if run.failure:
			progress.line(run.text())
			verdict.fail(f'{what}: {run.failure}; again: {shlex.join(run.command)}')
			progress.say(f'{nr}/{len(plan)} FAIL  {what}')
		elif run.trouble:
			verdict.incomplete(f'{what}: {run.trouble}')
			progress.say(f'{nr}/{len(plan)} INCOMPLETE  {what}: {run.trouble}')
		else:
			progress.say(f"{nr}/{len(plan)} pass  {what} operations={run.report.get('operations')}")
		done += not run.trouble
	if job.interrupted():
		verdict.incomplete(f'interrupted by {job.interrupted()}')
	progress.say(f'{compared} faults read a slot and compared it; logs in {out}')
	verdict.amount(f'{len(plan)} runs', f'{done} runs')
	return verdict


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	progress = Progress('soak')
	lock = files.only_one('soak')
	try:
		manifest = take.resolve(args.tree, progress) if args.tree else None
		plan = configurations(args, manifest)
		programs = sorted({f'{configuration.directory}/stress' for configuration in plan})
		build.build(programs, progress, file=graph.TOP if manifest else 'build.ninja')
		out, _ = files.run_directory('out/soak')
		return soak(args, plan, progress, out).close()
	finally:
		job.end()
		lock.release()
