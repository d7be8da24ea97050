# SPDX-License-Identifier: GPL-2.0-only
"""scripts/fuzz: libFuzzer on programs, with a corpus that the next run goes on from."""
import json
import os
import re
import time

from lib import build, corpora, files, job, libfuzzer, options
from lib.progress import Progress
from lib.start import Trouble
from lib.trees import checks, graph, take
from lib.verdict import Verdict

TARGETS = ('fuzz_program', 'fuzz_model', 'fuzz_parse')
FINDINGS = 'out/fuzz/findings'
TEXT = """
Runs libFuzzer on programs. New inputs go to out/fuzz/corpus/TARGET, from which the next run continues;
corpus/ is only read. Findings are programs in out/fuzz/findings, beside libFuzzer's artifacts.
Exit status: 0 nothing wrong and all done, 1 a failure was found, 2 not done.
"""
MORE = """
libFuzzer's own options, such as -seed=1 or -runs=100000, go after --.
SWAPHAMMER_MUTANT=ID switches a known bug on, SWAPHAMMER_WEAK=1 weak memory, and SWAPHAMMER_PAIRS=0 concurrency
coverage off.
"""


def parse(argv):
	"""The arguments of scripts/fuzz."""
	parser = options.Parser('fuzz', TEXT)
	parser.epilog = MORE
	parser.usage = ('scripts/fuzz [TARGET] [--minutes M] [--jobs N] [--variant V] [--keep-going]\n'
			'                    [--tree TREE [--geometry G]] [--corpus DIR] [--json FILE]\n'
			'                    [-- LIBFUZZER-OPTION...]')
	parser.add_argument('target', metavar='TARGET', nargs='?', default='fuzz_program', type=options.word,
			    help='fuzz_program (default): whole programs with their schedules; fuzz_model: one '
				 'task against a reference model; fuzz_parse: the text format')
	parser.add_argument('--minutes', metavar='M', type=options.minutes,
			    help='how long (default 1, or as long as -runs=N takes; fractions are fine)')
	parser.add_argument('--jobs', metavar='N', type=options.integer(1, 99), default=1,
			    help='processes that share the corpus (default 1)')
	parser.add_argument('--variant', choices=('fuzz-asan', 'fuzz-tsan'), default='fuzz-asan',
			    help='default fuzz-asan')
	parser.add_argument('--tree', metavar='TREE', type=options.word,
			    help='the code of this kernel tree: a NAME of out/tree, or what scripts/tree takes')
	parser.add_argument('--geometry', choices=graph.geometries(),
			    help=f'of the tree (default {graph.geometries()[0]})')
	parser.add_argument('--keep-going', action='store_true',
			    help='go on after a finding until the time is over')
	parser.add_argument('--corpus', metavar='DIR', type=options.word,
			    help='where new inputs go (default out/fuzz/corpus/TARGET)')
	parser.add_argument('--json', metavar='FILE', type=options.word, help='write the verdict there, too')
	own, theirs = argv, []
	if '--' in argv:
		own, theirs = argv[:argv.index('--')], argv[argv.index('--') + 1:]
	args = parser.parse_args(own)
	args.target = 'fuzz_' + re.sub('^fuzz_', '', args.target)
	if args.target not in TARGETS:
		parser.error(f"no target '{args.target}'; there are {', '.join(TARGETS)}")
	for option in theirs:
		if not re.match(r'-[a-z_0-9]+=', option):
			parser.error(f"'{option}' is no option of libFuzzer (-NAME=VALUE)")
	if args.geometry and not args.tree:
		parser.error("--geometry is a kernel tree's: of core/swap, programs choose their own")
	args.options = theirs
	args.geometry = args.geometry or graph.geometries()[0]
	# what is new for a tree of one geometry is not for another
	where = f'-{args.geometry}' if args.tree else ''
	args.corpus = args.corpus or f'out/fuzz/corpus/{args.target}{where}'
	return args


def conclude(verdict, session, planned):
	"""Adds what a session did to a verdict; @planned in words."""
	for failure in session.failures.values():
		where = f" ({', '.join(failure.files[:3])})" if failure.files else ''
		verdict.fail(f'{session.label}: {failure.name}, {failure.count} times{where}')
	for reason in session.reasons:
		verdict.incomplete(f'{session.label}: {reason}')
	verdict.amount(planned, f'{session.took:.0f} s, {session.executed()} executions')


def write_json(path, verdict, session, target, runs, seconds, before):
	"""Writes the verdict as fuzz/tools/verdict.schema.json has it."""
	number = len(session.processes)
	files.write(path, json.dumps({
		'verdict': verdict.word, 'reason': '; '.join(verdict.failures + verdict.reasons),
		'planned': {'schedules': None, 'seconds': seconds, 'programs': runs * number if runs > 0 else None},
		'done': {'schedules': session.schedules, 'seconds': round(session.took, 3), 'programs': session.executed()},
		'engine': target, 'parameters': verdict.parameters, 'findings': session.findings_json(before)}, indent=1) + '\n')


def _value(given, name):
	"""The value of one of libFuzzer's options, the last that was given; None if there is none."""
	values = [option.partition('=')[2] for option in given if option.startswith(f'-{name}=')]
	return values[-1] if values else None


def _build(args, progress):
	"""Builds the target, and replay for what it finds. Return: the target's path."""
	engine = args.variant[len('fuzz-'):]
	if not args.tree:
		binary = f'out/{args.variant}/{args.target}'
		build.build([binary, f'out/{engine}/replay'], progress)
		return binary
	manifest = take.resolve(args.tree, progress)
	if args.geometry not in manifest['geometries']:
		raise Trouble(f"tree {manifest['name']} was taken for {' '.join(manifest['geometries'])} only")
	binary = f"{graph.programs(manifest['name'], args.variant, args.geometry)}/{args.target}"
	build.build([binary, f"{graph.programs(manifest['name'], engine, args.geometry)}/replay"], progress,
		    file=graph.TOP)
	return binary


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	progress = Progress('fuzz')
	binary = _build(args, progress)
	libfuzzer.check_options(binary, args.options)
	runs = int(_value(args.options, 'runs') or -1)
	planned = ([f'{runs} runs a process'] if runs >= 0 else []) + ([f'{args.minutes * 60:.0f} s'] if args.minutes else [])
	if not planned:
		args.minutes, planned = 1, ['60 s']
	seconds = (args.minutes or options.YEAR) * 60
	seed = int(_value(args.options, 'seed') or 0) or int(time.time()) % 2 ** 31
	try:
		os.makedirs(args.corpus, exist_ok=True)
		os.makedirs(FINDINGS, exist_ok=True)
		logs, _ = files.run_directory('out/fuzz/log')
		before = set(os.listdir(FINDINGS))
	except OSError as error:
		raise Trouble(f'no directory: {error}') from error
	verdict = Verdict('fuzz', f'target={args.target} variant={args.variant} '
				  f'jobs={args.jobs} seed={seed}' +
			  (f' {checks.parameter(args.tree)} geometry={args.geometry}' if args.tree else ''))
	rest = [option for option in args.options if not option.startswith('-seed=')]
	session = libfuzzer.Session(binary, seconds, args.jobs, seed, args.corpus, logs, FINDINGS,
				    progress, rest, args.keep_going, f'{args.target} {args.variant}')
	try:
		session.run()
		if not session.failures and not job.interrupted():
			corpora.minimise(binary, args.corpus, logs, progress)
	finally:
		job.end()
	progress.line(session.numbers())
	conclude(verdict, session, ' or '.join(planned))
	number = sum(len(names) for _, _, names in os.walk(args.corpus))
	progress.say(f'{number} inputs in {args.corpus}, findings in {FINDINGS}, logs in {logs}')
	if args.json:
		try:
			write_json(args.json, verdict, session, args.target, runs, args.minutes and args.minutes * 60, before)
		except OSError as error:
			verdict.incomplete(f'--json: {error}')
	return verdict.close()
