# SPDX-License-Identifier: GPL-2.0-only
"""scripts/shards: a night on many machines. See TEXT."""
import contextlib
import glob
import os
import shlex
import shutil
import time

from lib import evidence, files, options
from lib.night import cause as causes
from lib.night import disk, origin
from lib.night.ledger import Ledger
from lib.progress import Progress
from lib.start import PASS, Trouble
from lib.verdict import Verdict

HOME = 'out/nightly'
TEXT = """
Runs a night on many machines. "plan N" prints N commands, each with its own seeds and its own directory; any
tool that runs commands can run them, on one machine or on many. "merge DIR..." merges what they found: findings
with the same cause become one entry, and the fuzzers' corpora become one.
"""
MORE = """
examples:
  scripts/shards plan 8 --hours 8 --seed 7 | parallel -j 8
  scripts/shards plan 8 --hours 8 --seed 7 | parallel -j 1 --sshlogin host1,host2 --workdir swaphammer
  sbatch --array=1-8 --wrap 'scripts/nightly --hours 8 --seed 7 --shard $SLURM_ARRAY_TASK_ID/8 --jobs 1 \\
                             --dir out/shards/$SLURM_ARRAY_TASK_ID'
  scripts/shards merge out/shards/*

Exit status of merge: 0 nothing new, 1 a finding that DIR did not have, 2 not done.
"""


def parse(argv):
	"""The arguments of scripts/shards."""
	parser = options.Parser('shards', TEXT)
	parser.epilog = MORE
	commands = parser.add_subparsers(dest='command', metavar='COMMAND', required=True, parser_class=options.argparse.ArgumentParser)
	plan = commands.add_parser('plan', help='print the commands of N shards', allow_abbrev=False)
	plan.add_argument('number', metavar='N', type=options.integer(1, 10 ** 6))
	plan.add_argument('--hours', metavar='H', type=options.number(0.002, 8760), default=8,
			  help='length of each (default 8)')
	plan.add_argument('--seed', metavar='S', type=options.integer(0, 2 ** 63 - 1), default=int(time.time()) % 2 ** 31,
			  help='seed of the night (default: from the clock)')
	plan.add_argument('--tree', metavar='TREE', type=options.word, help='hunt this kernel tree, too')
	plan.add_argument('--jobs', metavar='J', type=options.integer(1, 64), default=1, help='processes of a shard (default 1)')
	plan.add_argument('--out', metavar='DIR', type=options.word, default='out/shards',
			  help='parent of the shards\' directories (default out/shards)')
	merge = commands.add_parser('merge', help='merge what shards found', allow_abbrev=False)
	merge.add_argument('shards', metavar='DIR', nargs='+', type=options.word, help='directory of a shard')
	merge.add_argument('--dir', metavar='DIR', type=options.word, default=HOME, help=f'where to (default {HOME})')
	return parser.parse_args(argv)


def plan(args):
	"""Prints the commands."""
	tree = ['--tree', args.tree] if args.tree else []
	for number in range(1, args.number + 1):
		print(shlex.join(['scripts/nightly', '--hours', f'{args.hours:g}', '--seed', str(args.seed), '--shard',
				  f'{number}/{args.number}', '--jobs', str(args.jobs), *tree, '--dir', f'{args.out}/{number}']))
	return PASS


class Merge:
	"""@home: the nights' directory that shards are merged into. @night: the number of the merge."""

	def __init__(self, home):
		self.home = home
		self.ledger = Ledger(f'{home}/findings')
		self.night = 1 + max([entry.night for entry in self.ledger.entries.values()], default=0)
		self.ledger.begin(self.night)
		self.inputs = 0
		os.makedirs(f'{home}/finding', exist_ok=True)

	@staticmethod
	def _size(path):
		text = evidence.read(path)
		return len(causes.shape(text)), len(text)

	def entry(self, shard, theirs):
		"""Takes an entry of a shard."""
		found = theirs.cause
		ours = self.ledger.flaw(theirs.code, theirs.flaw) if theirs.flaw else self.ledger.find(theirs.code, found)
		path = theirs.program and f'{shard}/finding/{theirs.name}.prog'
		if ours is None:
			ours = self.ledger.add(theirs.code, found, **{name: getattr(theirs, name) for name in
					       ('flaw', 'first', 'last', 'variant', 'replays', 'note', 'repro', 'origin', 'todo')},
					       born=self.night)
			ours.state = 'known' if theirs.flaw else 'new'
			ours.nights, ours.night = 1, self.night
			self._files(shard, theirs, ours)
			self._more(shard, theirs, ours)
			origin.relate(ours, self.ledger)
			return
		self._more(shard, theirs, ours)
		if ours.night != self.night:
			ours.nights += 1
			ours.night = self.night
		ours.first, ours.last = min(ours.first, theirs.first), max(ours.last, theirs.last)
		if ours.state in ('fixed', 'gone'):
			ours.note = f"{ours.note + '; ' if ours.note else ''}was {ours.state}, came back {theirs.last}"
			ours.state, ours.born, ours.gone = 'new', self.night, ''
		if path and os.path.exists(path) and (not ours.program or self._size(path) < self._size(ours.program)):
			ours.where, ours.shape = (theirs.where, theirs.shape) if not ours.shape else (ours.where, ours.shape)
			ours.replays, ours.repro, ours.variant = theirs.replays, theirs.repro, theirs.variant
			self._files(shard, theirs, ours)

	def _files(self, shard, theirs, ours):
		for ending in ('prog', 'txt', 'svg'):
			with contextlib.suppress(FileNotFoundError):
				shutil.copyfile(f'{shard}/finding/{theirs.name}.{ending}', f'{self.home}/finding/{ours.name}.{ending}')
		path = f'{self.home}/finding/{ours.name}.prog'
		if theirs.program and os.path.exists(path):
			ours.program = path
			ours.repro = ours.repro.replace(theirs.program, path)

	def _more(self, shard, theirs, ours):
		"""What the shard had no time to shrink: it waits here, too."""
		more = f'{self.home}/finding/{ours.name}.more'
		for program in glob.glob(f'{glob.escape(shard)}/finding/{theirs.name}.more/*.prog'):
			os.makedirs(more, exist_ok=True)
			shutil.copyfile(program, f'{more}/{os.path.basename(program)}')

	def corpus(self, shard):
		"""Takes what a shard's fuzzers keep: an input's name is its hash."""
		top = f'{shard}/corpus'
		for target in sorted(os.listdir(top)) if os.path.isdir(top) else []:
			if not os.path.isdir(f'{top}/{target}'):
				continue
			to = f'{self.home}/corpus/{target}'
			os.makedirs(to, exist_ok=True)
			have = set(os.listdir(to))
			for name in os.listdir(f'{top}/{target}'):
				if name not in have and not name.startswith('.'):
					shutil.copyfile(f'{top}/{target}/{name}', f'{to}/{name}')
					self.inputs += 1


def merge(args):
	"""Return: the exit status. Raises: Trouble, OSError."""
	for shard in args.shards:
		if not os.path.isdir(shard):
			raise Trouble(f"no directory '{shard}'")
	os.makedirs(args.dir, exist_ok=True)
	lock = files.Lock(f'{args.dir}/.lock')
	if not lock.take():
		raise Trouble(f'a night runs in {args.dir} ({lock.holder()}): wait until it has ended')
	verdict = Verdict('shards', f'dir={args.dir}')
	progress = Progress('shards', every=60)
	work = Merge(args.dir)
	done = 0
	for number, shard in enumerate(args.shards, 1):
		progress.live(f'{number} of {len(args.shards)}')
		if not os.path.exists(f'{shard}/findings'):
			verdict.incomplete(f'{shard} has no list: its night has not run')
			continue
		for entry in Ledger(f'{shard}/findings').entries.values():
			work.entry(shard, entry)
		work.corpus(shard)
		done += 1
	work.ledger.write()
	progress.settle()
	new = [entry for entry in work.ledger.mains() if entry.state == 'new' and entry.born == work.night]
	for entry in new:
		verdict.fail(f'new: {entry.name}  {entry.where.split(";")[0]}; again: {entry.repro}')
	verdict.amount(f'{len(args.shards)} shards', f'{done}; {len(new)} new findings of {len(work.ledger.mains())}, {work.inputs} '
		       f'new inputs, {disk.megabytes(disk.used(args.dir))}')
	return verdict.close()


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	return plan(args) if args.command == 'plan' else merge(args)
