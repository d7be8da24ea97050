# SPDX-License-Identifier: GPL-2.0-only
"""scripts/mutation: which share of possible mistakes in the code is found. See TEXT."""
import collections
import json
import os
import random
import shutil

from lib import files, job, options
from lib.mutation import build, hunt, rules, sorted as survivors
from lib.progress import Progress
from lib.start import PASS, Trouble
from lib.trees import graph, source, take
from lib.verdict import Verdict

OUT = 'out/mutation'
SANITIZERS = ('asan', 'tsan')
TEXT = """
Measures the mutation score: makes mutants of the code under test, each with a single change, and hunts each
blind with explore's defaults. TARGET is "core" (core/swap and core/mm, the default), "swap", "mm", or a kernel
tree as scripts/hunt --tree takes it. Mutants of a tree change mm/swapfile.c, mm/swap_state.c and mm/page_io.c, with
the known flaws fixed.
"""
EPILOG = """
Results are kept in out/mutation/TARGET.json; an unchanged mutant is not hunted again. Survivors that have been
classified are in corpus/mutation/survivors; equivalent and unreachable ones do not count in the score, and are
hunted with --again only.
Exit status: 0 every survivor is listed there, 1 some are not, 2 not done.
"""
RULES = '\n'.join(f"  {name:15} {(rule.__doc__ or '').splitlines()[0] if rule.__doc__ else ''}".rstrip()
		  for name, rule in rules.RULES.items())


def parse(argv):
	"""The arguments of scripts/mutation."""
	parser = options.Parser('mutation', TEXT)
	parser.epilog = f'Rules:\n{RULES}\n{EPILOG}'
	parser.add_argument('target', metavar='TARGET', nargs='?', type=options.word, default='core')
	parser.add_argument('--rule', metavar='RULE', action='append', choices=list(rules.RULES), default=[],
			    help='only mutants of this rule; may be given more than once')
	parser.add_argument('--file', metavar='FILE', action='append', default=[], type=options.word,
			    help='only mutants of this file, e.g. core/swap/alloc.c or mm/swapfile.c; or one mutant, as '
			    '--list names it')
	parser.add_argument('--sample', metavar='N', type=options.integer(1, 10 ** 6),
			    help='only N of them, drawn at random')
	parser.add_argument('--seed', metavar='S', type=options.integer(0), default=1,
			    help='seed of the sample (default 1)')
	parser.add_argument('--seconds', metavar='S', type=options.number(0.5, 10 ** 6), default=20,
			    help='CPU time for each (default 20)')
	parser.add_argument('--sanitizers', action='store_true',
			    help='hunt survivors of dev in asan and tsan, too')
	parser.add_argument('--again', action='store_true', help='hunt all mutants again, killed or not')
	parser.add_argument('--survivors', action='store_true', help='hunt the survivors again')
	parser.add_argument('--list', action='store_true', help='print the mutants, and what is known of them')
	parser.add_argument('--json', metavar='FILE', type=options.word, help='write the verdict there, too')
	args = parser.parse_args(argv)
	names = ('core', 'swap', 'mm', *graph.trees())
	if args.target not in names and not os.path.isdir(args.target) and not source.is_debian(args.target):
		parser.error(f"no tree or directory '{args.target}'{options.near(args.target, names)}")
	return args


def _target(text, progress):
	"""Core or Tree."""
	if text == 'core':
		return build.Core()
	if text in ('swap', 'mm'):
		return build.Core((f'core/{text}',))
	taken = take.resolve(text, progress)
	if taken['fixes'] is None:
		taken, _, _ = take.take(take.Wanted(**{**taken['wanted'], 'name': f"{taken['name']}-fixes",
						       'fixes': True}), progress)
	return build.Tree(taken['name'])


def choose(target, args):
	"""
	The mutants that are asked for, in the order of their names: a sample is drawn from all rules alike
	as they are there.

	Raises: Trouble if there are none.
	"""
	found = []
	files_wanted = [word.split(':')[1] if ':' in word else word for word in args.file]
	sources = target.sources()
	for word in files_wanted:
		if word not in sources:
			raise Trouble(f"--file {word}: no such file{options.near(word, sources)}; there are: {' '.join(sources)}")
	for name, path in sources.items():
		if files_wanted and name not in files_wanted:
			continue
		with open(path, encoding='utf-8') as file:
			found += rules.mutants(name, file.read(), args.rule)
	names = [word for word in args.file if ':' in word]
	if names:
		unknown = [name for name in names if name not in {mutant.name for mutant in found}]
		if unknown:
			raise Trouble(f"no mutant '{unknown[0]}'{options.near(unknown[0], [m.name for m in found])}")
		found = [mutant for mutant in found if mutant.name in names]
	if not found:
		raise Trouble('there is no such mutant')
	if args.sample and args.sample < len(found):
		found = random.Random(args.seed).sample(found, args.sample)
	return found


class Hunt:
	"""
	@target: Core or Tree
	@args: of the script
	@progress: Progress
	@verdict: Verdict
	"""

	def __init__(self, target, args, progress, verdict):
		self.target, self.args, self.progress, self.verdict = target, args, progress, verdict
		self.path = f'{OUT}/{target.name}.json'
		self.results = (files.read_json(self.path) or {}).get('mutants', {})
		self.builders = {}
		self.codes = {}		# object code -> name of the mutant that had it first

	def builder(self, variant):
		"""Builds what is needed of a variant, once; it must pass unchanged."""
		if variant not in self.builders:
			self.builders[variant] = build.Builder(
				self.target, variant, f'{OUT}/build-{self.target.name}-{variant}-{os.getpid()}', self.progress)
			self.progress.live(f'{variant}: unchanged')
			control = hunt.hunt(self.target.program(variant), min(self.args.seconds, 5), f'{OUT}/run-{os.getpid()}')
			if control.check or control.trouble:
				raise Trouble(f'{self.target.program(variant)}, unchanged: {control.check or control.trouble}')
		return self.builders[variant]

	def known(self, mutant):
		"""What is known of a mutant as it is now, or None."""
		result = self.results.get(mutant.name)
		return result if result and result['key'] == mutant.key else None

	@staticmethod
	def result_of(mutant, **what):
		"""A result, of nothing yet but @what."""
		return {'key': mutant.key, 'rule': mutant.rule, 'file': mutant.path, 'line': mutant.line,
			'function': mutant.function, 'statement': mutant.words, 'check': '', 'variant': '',
			'schedules': 0, 'seconds': 0.0, 'why': '', **what}

	def one(self, mutant):
		"""Hunts a mutant. Return: its result."""
		result = self.result_of(mutant)
		for variant in ('dev',) + (SANITIZERS if self.args.sanitizers else ()):
			builder = self.builder(variant)
			original = builder.original(mutant.path)
			code = builder.build(mutant)
			if not code:
				return {**result, 'verdict': 'does not compile'}
			if code == original:
				return {**result, 'verdict': 'equivalent', 'why': 'the same object code'}
			if variant == 'dev' and self.codes.setdefault(code, mutant.name) != mutant.name:
				return {**result, 'verdict': 'equivalent', 'why': f'the object code of {self.codes[code]}'}
			hunted = hunt.hunt(builder.program, self.args.seconds, f'{OUT}/run-{os.getpid()}')
			result['schedules'] += hunted.schedules
			result['seconds'] = round(result['seconds'] + hunted.seconds, 2)
			if hunted.trouble:
				return {**result, 'verdict': 'trouble', 'variant': variant, 'why': hunted.trouble}
			if hunted.check:
				return {**result, 'verdict': 'killed', 'variant': variant, 'check': hunted.check}
		return {**result, 'verdict': 'survived', 'variant': variant}

	def run(self, mutants):
		"""Hunts all. Return: {name: result}."""
		done, listed = {}, survivors.read()
		for n, mutant in enumerate(mutants, 1):
			job.check()
			result = self.known(mutant)
			if not self.args.again and not result and \
			   listed.get(survivors.of(mutant), ('',))[0] in survivors.OUT_OF_SCORE:
				done[mutant.name] = self.result_of(mutant, verdict='survived')
				continue
			# what was the same object code need not be with today's headers
			again = self.args.again or self.args.survivors and result and \
				result['verdict'] in ('survived', 'equivalent') and \
				listed.get(survivors.of(mutant), ('',))[0] not in survivors.OUT_OF_SCORE
			if not result or again or result['verdict'] == 'trouble':
				counts = collections.Counter(result['verdict'] for result in done.values())
				self.progress.live(f"{n}/{len(mutants)}, {counts['killed']} killed, "
						   f"{counts['survived']} survived  {mutant.name}")
				result = self.one(mutant)
				self.results[mutant.name] = result
				files.write(self.path, json.dumps({'mutants': self.results}, indent=1))
				if result['verdict'] in ('survived', 'trouble'):
					self.progress.line(_row(mutant.name, result))
			done[mutant.name] = result
		return done

	def clean(self):
		"""Removes what was built."""
		for builder in self.builders.values():
			shutil.rmtree(builder.directory, ignore_errors=True)


def _row(name, result):
	what = result['check'] or result['why'] or result['function']
	return f"{name:44} {result['verdict']:16} {result['variant']:5} {result['schedules']:>7} " \
	       f"{result['seconds']:>6.1f}  {what}"


def _classes(mutants, done, progress):
	"""Of each survivor its class and why, as far as it was looked at: {name: (class, why)}."""
	listed = survivors.read()
	found = {}
	for mutant in mutants:
		entry = listed.get(survivors.of(mutant))
		result = done.get(mutant.name)
		if entry and result and result['verdict'] == 'survived':
			found[mutant.name] = entry
		elif entry and result and result['verdict'] == 'killed':
			progress.say(f"{mutant.name}: listed as {entry[0]}, but it was killed by {result['check']}")
	return found


def summary(mutants, done, classes):
	"""The table by rule, and the score. Return: text, score (None: nothing counts)."""
	lines = [f"{'rule':15} {'killed':>7} {'survived':>9} {'equivalent':>11} {'no build':>9} {'schedules':>10} {'CPU s':>6}"]
	rows = collections.OrderedDict((rule, collections.Counter()) for rule in rules.RULES)
	took = {rule: [] for rule in rules.RULES}
	for mutant in mutants:
		result = done.get(mutant.name)
		if not result:
			continue
		word = result['verdict']
		if classes.get(mutant.name, ('',))[0] in survivors.OUT_OF_SCORE:
			word = 'equivalent'
		rows[mutant.rule][word] += 1
		if word == 'killed':
			took[mutant.rule].append((result['schedules'], result['seconds']))
	for rule, row in rows.items():
		if row:
			middle = [f'{sorted(values)[len(values) // 2]:g}' for values in zip(*took[rule])] or ['-', '-']
			lines.append(f"{rule:15} {row['killed']:>7} {row['survived']:>9} {row['equivalent']:>11} "
				     f"{row['does not compile']:>9} {middle[0]:>10} {middle[1]:>6}")
	killed = sum(row['killed'] for row in rows.values())
	survived = sum(row['survived'] for row in rows.values())
	return '\n'.join(lines), killed / (killed + survived) if killed + survived else None


def _close(args, mutants, done, progress, verdict):
	"""Says what came of it; writes the JSON."""
	classes = _classes(mutants, done, progress)
	text, score = summary(mutants, done, classes)
	checks = collections.Counter(result['check'] for result in done.values() if result['check'])
	progress.line(text + '\nmedians of the killed; by: ' +
		      ', '.join(f'{check} {count}' for check, count in checks.most_common()))
	for mutant in mutants:
		result = done.get(mutant.name)
		if result and result['verdict'] == 'survived':
			name, why = classes.get(mutant.name, ('not sorted', mutant.words))
			progress.line(f'{mutant.name} in {mutant.function}: {name}: {why}')
			if name == 'not sorted':
				verdict.fail(f'{mutant.name} survived, and is not in {survivors.PATH}')
		elif result and result['verdict'] == 'trouble':
			verdict.incomplete(f"{mutant.name}: {result['why']}")
	words = 'none' if score is None else f'{100 * score:.1f} %'
	listed = sum(result['verdict'] == 'survived' and not result['schedules'] for result in done.values())
	verdict.amount(f'{len(mutants)} mutants', f'{len(done)}, score {words}' + (
		f' ({listed} not hunted: listed as equivalent or unreachable)' if listed else ''))
	if args.json:
		files.write(args.json, json.dumps({
			'verdict': verdict.word, 'reason': '; '.join(verdict.failures + verdict.reasons),
			'planned': {'mutants': len(mutants), 'seconds': args.seconds}, 'done': {'mutants': len(done)},
			'score': score, 'classes': classes, 'mutants': done}, indent=1) + '\n')
	return verdict.close()


def main(argv):
	"""See TEXT. Return: the exit status. Raises: Trouble, OSError, Interrupted."""
	args = parse(argv)
	progress = Progress('mutation')
	target = _target(args.target, progress)
	mutants = choose(target, args)
	sample = f' sample={args.sample} seed={args.seed}' if args.sample else ''
	verdict = Verdict('mutation', f'target={target.name} seconds={args.seconds:g}{sample}')
	os.makedirs(OUT, exist_ok=True)
	hunting = Hunt(target, args, progress, verdict)
	if args.list:
		for mutant in mutants:
			result = hunting.known(mutant) or {'verdict': '-', 'check': ''}
			progress.line(f"{mutant.name:44} {result['verdict']:16} {result['check']:10} "
				      f'{mutant.function}: {mutant.words[:70]}')
		return PASS
	lock = files.only_one(f'mutation-{target.name}')
	try:
		done = hunting.run(mutants)
	except job.Interrupted as name:
		verdict.incomplete(f'interrupted by {name}')
		done = {mutant.name: hunting.known(mutant) for mutant in mutants if hunting.known(mutant)}
	finally:
		hunting.clean()
		lock.release()
	return _close(args, mutants, done, progress, verdict)
