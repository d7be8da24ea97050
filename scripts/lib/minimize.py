# SPDX-License-Identifier: GPL-2.0-only
"""scripts/minimize: makes corpus/seeds anew."""
import os
import re
import shutil
import tempfile

from lib import build, evidence, files, job, options
from lib.progress import Progress
from lib.start import Trouble
from lib.verdict import Verdict

FUZZER = 'out/fuzz-asan/fuzz_program'
SEED = 'out/dev/seed'
SOURCES = ('out/fuzz/corpus/fuzz_program', 'out/fuzz/corpus/fuzz_model', 'corpus/seeds')
ROUNDS = 4
TEXT = """
Regenerates corpus/seeds: the smallest set of small programs that reaches every edge of the core that the
fuzzers' own corpora and the present seeds reach. Their schedules are the ones that the runs take, so no
choice is stale. Exit status: 0 done, 1 a program failed, 2 not done, and the seeds stay as they are.
"""


def parse(argv):
	"""The arguments of scripts/minimize."""
	parser = options.Parser('minimize', TEXT)
	parser.add_argument('dirs', metavar='DIR', nargs='*', type=options.word,
			    help=f"where inputs come from (default: {', '.join(SOURCES)}, as far as they exist)")
	parser.add_argument('--out', metavar='DIR', type=options.word, default='corpus/seeds',
			    help='the directory to regenerate (default corpus/seeds); all programs in it are replaced')
	args = parser.parse_args(argv)
	for path in args.dirs:
		if not os.path.isdir(path):
			parser.error(f"no directory '{path}'")
	if os.path.lexists(args.out) and not os.path.isdir(args.out):
		parser.error(f"'{args.out}' is no directory")
	args.dirs = args.dirs or [path for path in SOURCES if os.path.isdir(path)]
	if not args.dirs:
		parser.error('there is nothing yet: run scripts/fuzz')
	return args


def _programs(path):
	"""All files below a directory that may be programs, sorted."""
	return sorted(os.path.join(directory, name) for directory, _, names in os.walk(path)
		      for name in names if not name.endswith('.md'))


class Minimize:
	"""
	@tmp: directory for what is in between
	@progress: Progress
	@verdict: Verdict
	"""

	# mutants and pairs are nothing that seeds are chosen for
	ENVIRONMENT = {'SWAPHAMMER_MUTANT': None, 'SWAPHAMMER_PAIRS': '0'}

	def __init__(self, tmp, progress, verdict):
		self.tmp = tmp
		self.progress = progress
		self.verdict = verdict
		self.log = os.path.join(tmp, 'log')

	def _run(self, what, argv):
		"""Runs a step. Return: its status and what it said."""
		with open(self.log, 'wb'):
			pass
		ended = job.run(argv, log=self.log, env=self.ENVIRONMENT, every=2,
				tick=lambda: self.progress.live(what))
		return ended, evidence.read(self.log)

	def settle(self, source, to, *more):
		"""Writes the programs of @source to @to, with the choices that their runs take."""
		os.makedirs(to, exist_ok=True)
		paths = _programs(source)
		for first in range(0, len(paths), 500):
			ended, text = self._run(f'runs {source}: {first}/{len(paths)}',
						[SEED, *more, '-o', to, *paths[first:first + 500]])
			# what was cut off as it was written is no program
			errors = [line for line in text.splitlines() if not re.match(r'[^ ]*:\d+:\d+: ', line)]
			if ended.status < 0:
				raise Trouble(f'{SEED}: {ended.words()}')
			if ended.status != 0 and errors:
				self.progress.line('\n'.join(errors))
				self.verdict.fail(f'a program of {source}')
				return False
		return True

	def merge(self, option, to, source):
		"""libFuzzer's merge; edges, not how often: counts would keep most of the inputs."""
		os.makedirs(to)
		ended, text = self._run(f'merges {len(_programs(source))} inputs',
					[FUZZER, option, '-use_counters=0', f'-artifact_prefix={self.tmp}/', to, source])
		if found := evidence.blocks(text):
			self.progress.line(found[0])
			self.verdict.fail(evidence.name(found[0]))
			return False
		if ended.status != 0:
			raise Trouble(f'the merge failed: {ended.words()} ({evidence.tail(text)})')
		if not _programs(to):
			raise Trouble(f'nothing was kept ({evidence.tail(text)})')
		return True

	def points(self, path):
		"""How many scheduling points a program of a directory has, on average."""
		_, text = self._run('counts', [FUZZER, '-runs=0', path])
		found = re.search(r'^stat::mean_scheduling_points: (\d+)', text, re.M)
		return found.group(1) if found else '?'

	def run(self, dirs):
		"""
		Return: the directory of the new seeds and how many inputs there were, or None if a
		program failed. Raises: Trouble, Interrupted.
		"""
		everything, kept, parts = (os.path.join(self.tmp, name) for name in ('all', 'kept', 'parts'))
		merged, seeds = (os.path.join(self.tmp, name) for name in ('merged', 'seeds'))
		for path in dirs:
			if not self.settle(path, everything):
				return None
		inputs = len(_programs(everything))
		if not inputs:
			raise Trouble(f"no programs in {' '.join(dirs)}")
		# The smallest that adds something, then again with parts of the schedules left out: a
		# choice that reaches nothing is one that the next change of the core leaves stale.
		if not self.merge('-merge=1', kept, everything):
			return None
		for _ in range(ROUNDS):
			if not self.settle(kept, parts, '--cut'):
				return None
			shutil.rmtree(kept)
			if not self.merge('-merge=1', kept, parts):
				return None
			shutil.rmtree(parts)
		if not self.merge('-set_cover_merge=1', merged, kept) or not self.settle(merged, seeds):
			return None
		return seeds, inputs


def replace(out, seeds):
	"""The programs of @seeds take the place of those of @out: all new ones are there before one goes."""
	os.makedirs(out, exist_ok=True)
	before = {name for name in os.listdir(out) if name.endswith('.prog')}
	after = {name for name in os.listdir(seeds) if name.endswith('.prog')}
	if not after:
		raise Trouble('there would be no seed left')
	for name in sorted(after):
		with open(os.path.join(seeds, name), 'rb') as file:
			files.write(os.path.join(out, name), file.read())
	for name in before - after:
		os.unlink(os.path.join(out, name))
	files.sync_directory(out)
	return len(before), len(after)


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	progress = Progress('minimize')
	lock = files.only_one('minimize')
	try:
		build.build([SEED, FUZZER], progress)
		verdict = Verdict('minimize', f"out={args.out} from={','.join(args.dirs)}")
		with tempfile.TemporaryDirectory() as tmp:
			work = Minimize(tmp, progress, verdict)
			result = work.run(args.dirs)
			if result is None:
				verdict.incomplete(f'{args.out} stays as it was')
				return verdict.close()
			seeds, inputs = result
			before, after = replace(args.out, seeds)
			points = work.points(args.out)
		texts = [evidence.read(os.path.join(args.out, name)) for name in os.listdir(args.out)
			 if name.endswith('.prog')]
		progress.say(f"{inputs} inputs; {args.out} had {before} programs, has {after} of "
			     f"{sum(map(len, texts))} bytes, {sum(text.count(' -> ') for text in texts)} choices, "
			     f'{points} scheduling points on average')
		return verdict.close()
	finally:
		job.end()
		lock.release()
