# SPDX-License-Identifier: GPL-2.0-only
"""scripts/bench: speed, memory, and what is found. Each bench is a file of scripts/bench.d."""
import contextlib
import os
import re

from lib import build, files, job, options
from lib.exposure import engines
from lib.verdict import Verdict

BENCHES = 'scripts/bench.d'
OUT = 'out/bench.d'
DEFAULT = ('ops', 'checks', 'memory', 'sim')
TEXT = """
Measures speed, memory, and what is found. Machines are noisy: compare ratios within one run.
Exit status: 0 everything was measured, 1 code without a known bug failed, 2 not everything was measured.
"""


def benches():
	"""Name -> what it measures, the second line of its file."""
	found = {}
	for name in sorted(os.listdir(BENCHES)):
		with open(f'{BENCHES}/{name}', encoding='utf-8') as file:
			file.readline()
			found[name] = file.readline().lstrip('# ').rstrip()
	return found


def mutants():
	"""The names of all known bugs."""
	with open('core/kernel/mutants.def', encoding='utf-8') as file:
		return re.findall(r'^MUTANT\([A-Z0-9_]*, "([^"]*)"', file.read(), re.M)


def strategies():
	"""The names of all strategies."""
	with open('fuzz/strategy/strategies.def', encoding='utf-8') as file:
		return [*re.findall(r'^STRATEGY\(\w+, strategy_(\w+)', file.read(), re.M), 'mix', 'portfolio']


def parse(argv):
	"""The arguments of scripts/bench."""
	known = benches()
	parser = options.Parser('bench', TEXT)
	parser.epilog = '\n'.join(f'  {name:<12} {text}' for name, text in known.items())
	parser.add_argument('names', metavar='NAME', nargs='*', type=options.word,
			    help=f"one of those below (default: {', '.join(DEFAULT)})")
	positive = options.integer(1, 2 ** 31)
	parser.add_argument('--seconds', metavar='S', type=positive, help="length of a run (default: the bench's own)")
	parser.add_argument('--runs', metavar='N', type=positive,
			    help="runs, seeds or trials of each (default: the bench's own)")
	parser.add_argument('--schedules', metavar='N', type=options.integer(1),
			    help="budget of one search (default: the bench's own)")
	parser.add_argument('--variant', choices=('dev', 'asan', 'tsan'), default='dev',
			    help='where mutants are hunted (default dev)')
	parser.add_argument('--jobs', metavar='N', type=options.integer(1, 64), default=1,
			    help='searches at a time (default 1)')
	parser.add_argument('--mutant', metavar='ID', action='append', default=[], type=options.word,
			    help='hunt only this mutant; repeatable')
	parser.add_argument('--program', metavar='NAME', action='append', default=[], type=options.word,
			    help='sct: only this program; repeatable')
	parser.add_argument('--engine', metavar='NAME', action='append', default=[], choices=engines.ALL,
			    help=f"exposure: only this engine; repeatable: {', '.join(engines.ALL)}")
	parser.add_argument('--strategy', metavar='NAME', action='append', default=[], type=options.word,
			    help="exposure: explore's strategy instead of its default; repeatable")
	parser.add_argument('--easy', action='store_true',
			    help='exposure: all mutants, not only those found in fewer than 1 of 1000 schedules')
	parser.add_argument('--misses', metavar='N', type=positive,
			    help='exposure: give up a mutant in an engine after N trials that did not detect it')
	parser.add_argument('--dir', metavar='DIR', type=options.word,
			    help='exposure: where its trials are, which it goes on with, and its page (default out/exposure)')
	args = parser.parse_args(argv)
	for name in args.strategy:
		if name not in strategies():
			parser.error(f"no strategy '{name}'{options.near(name, strategies())}")
	for name in args.names:
		if name not in known:
			parser.error(f"no bench '{name}'{options.near(name, known)}")
	for name in args.mutant:
		if name not in mutants():
			parser.error(f"no mutant '{name}'{options.near(name, mutants())}")
	args.names = args.names or list(DEFAULT)
	return args


def environment(args):
	"""The options, as scripts/lib/bench.sh reads them."""
	return {'seconds': str(args.seconds or ''), 'runs': str(args.runs or ''),
		'schedules': str(args.schedules or ''), 'variant': args.variant, 'jobs': str(args.jobs),
		'mutants': ' '.join(args.mutant), 'programs': ' '.join(args.program), 'engines': ' '.join(args.engine),
		'strategies': ' '.join(args.strategy), 'easy': '1' if args.easy else '', 'misses': str(args.misses or ''), 'dir': args.dir or '',
		'out': OUT, 'SWAPHAMMER_MUTANT': None}


def bench(name, args, verdict):
	"""Runs one bench; what goes wrong is added to the verdict. Return: was all measured?"""
	with contextlib.suppress(FileNotFoundError):
		os.unlink(f'{OUT}/trouble')
	ended = job.finish(job.Job(['bash', 'scripts/lib/bench.sh', name], env=environment(args)))
	troubles = []
	with contextlib.suppress(FileNotFoundError), open(f'{OUT}/trouble', encoding='utf-8') as file:
		troubles = file.read().splitlines()
	for line in troubles:
		status, _, what = line.partition(' ')
		if status == '1':
			verdict.fail(f'{name}: {what}')
		else:
			verdict.incomplete(f'{name}: {what}: exit status {status}')
	if job.interrupted():
		verdict.incomplete(f'{name}: interrupted by {job.interrupted()}')
	elif ended.status != 0:
		verdict.incomplete(f'{name}: {ended.words()}')
	return ended.status == 0 and not troubles


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	lock = files.only_one('bench')
	try:
		build.setup()
		os.makedirs(OUT, exist_ok=True)
		verdict = Verdict('bench', ' '.join(f'{name}={value}' for name, value in environment(args).items()
						    if value and name != 'out'))
		done = 0
		for name in args.names:
			if job.interrupted():
				break
			done += bench(name, args, verdict)
		verdict.amount(' '.join(args.names), f'{done} of {len(args.names)}')
		return verdict.close()
	finally:
		job.end()
		lock.release()
