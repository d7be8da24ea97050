# SPDX-License-Identifier: GPL-2.0-only
"""scripts/nightly: unattended runs. See TEXT."""
import os
import subprocess
import sys
import time

from lib import files, formats, job, options
from lib.night import disk, record
from lib.night.journal import Journal
from lib.night.night import Night
from lib.night.plan import CorePlan, TreePlan
from lib.progress import Progress
from lib.start import Trouble
from lib.trees import checks
from lib.verdict import Verdict

HOME = 'out/nightly'
PAGE, PAGE_INTERRUPTED = 300, 30	# seconds that the page may take
TEXT = """
Runs unattended. It builds, replays the corpus in every variant, checks whether earlier findings are still
there, and then explores, fuzzes and runs threads under TSan and ASan, with the time divided according to what
has paid off on this machine. Each finding is shrunk, replayed 100 times and recorded before it is reported.
Each cause has one entry, however many engines, seeds and nights meet it.
"""
MORE = """
examples:
  scripts/nightly --hours 8                    core/swap, this night
  scripts/nightly --hours 8 --tree ~/linux     and this kernel tree
  scripts/nightly --once                       each engine once, for CI
  scripts/nightly --show                       what the last night found

It may be killed at any time: started again with the same arguments, it resumes the unfinished night. In DIR,
findings is the list (scripts/findings), finding/ has a program and a report for each finding, and run/latest/
is the last night. It prints one line at the end. Exit status: 0 nothing new and all done, 1 something new was
found, 2 not done. A known finding is not a failure; a fixed or gone one that comes back is.
"""


def parse(argv):
	"""The arguments of scripts/nightly."""
	parser = options.Parser('nightly', TEXT)
	parser.epilog = MORE
	parser.add_argument('--hours', metavar='H', type=options.number(0.002, 8760),
			    help='how long, after building (default 8, with --once 0.1)')
	parser.add_argument('--tree', metavar='TREE', type=options.word,
			    help='hunt this kernel tree, too: "debian", a directory, or a name that scripts/tree gave')
	parser.add_argument('--once', action='store_true',
			    help='run each engine once, for an equal share of the time; learn nothing, and do not '
				 'resume an unfinished night')
	parser.add_argument('--show', action='store_true', help='show what the last night did, and stop')
	parser.add_argument('--dir', metavar='DIR', type=options.word, default=HOME,
			    help=f'where everything is kept (default {HOME})')
	parser.add_argument('--seed', metavar='S', type=options.integer(0, 2 ** 63 - 1),
			    help='the base of all seeds (default: from the clock; printed)')
	parser.add_argument('--jobs', metavar='N', type=options.integer(1, 64), default=min(64, len(os.sched_getaffinity(0))),
			    help='processes of an exploration (default: one per CPU)')
	parser.add_argument('--shard', metavar='I/N', type=_shard, default=(1, 1),
			    help='this is the I-th of N nights with one seed, each in its own DIR; see scripts/shards')
	parser.add_argument('--coverage', action='store_true',
			    help='measure the coverage of the corpus, for the page (default for an hour or more)')
	parser.add_argument('--keep', metavar='N', type=options.integer(1, 10 ** 6), default=60,
			    help='number of nights whose logs are kept (default 60)')
	parser.add_argument('--disk', metavar='MB', type=options.integer(64, 10 ** 9), default=2048,
			    help='limit on the size of DIR; the oldest nights are removed first (default 2048)')
	parser.add_argument('--mutant', metavar='ID', dest='mutants', type=options.word,
			    help='switch on known bugs, as A+B, to try out the nights themselves')
	args = parser.parse_args(argv)
	args.mutants = args.mutants or ''
	args.hours = args.hours or (0.1 if args.once else 8)
	args.coverage |= args.hours >= 1
	return args


def _shard(text):
	"""For `type=`: "3/8"."""
	one, slash, of = text.partition('/')
	number, total = options.integer(1, 10 ** 6)(one), options.integer(1, 10 ** 6)(of) if slash else 0
	if not 1 <= number <= total:
		raise options.argparse.ArgumentTypeError(f"takes I/N with I from 1 to N, as 3/8, not '{text}'")
	return number, total


class _Revision:
	"""The revision of a source, "5cc5828", "7.3.4" or, in git, "1a2b3c4d5e6f (7.3.4)"; with "+" if it is changed. Asked for once."""

	def __init__(self, plans):
		self.plans = {plan.code: plan for plan in plans}
		self.known = {}

	def __call__(self, code):
		if code not in self.known:
			self.known[code] = self._core() if code == 'core' else self._tree(self.plans.get(code))
		return self.known[code]

	@staticmethod
	def _core():
		def git(*words):
			return subprocess.run(['git', *words], capture_output=True, text=True, check=True).stdout.strip()
		try:
			return git('rev-parse', '--short', 'HEAD') + ('+' if git('status', '--porcelain', '-uno') else '')
		except (OSError, subprocess.CalledProcessError):
			return 'unknown'

	@staticmethod
	def _tree(plan):
		if plan is None:
			return 'unknown'
		manifest = plan.manifest()
		of = manifest.get('source', {})
		changed = '+' if manifest.get('changed') or of.get('dirty') else ''
		if 'commit' in of:
			return f"{of['commit'][:12]}{changed} ({manifest['version']})"
		return f"{manifest['version']}{changed}"


def _home(args):
	"""Makes the directory, and looks whether it can be written. Raises: Trouble."""
	try:
		os.makedirs(f'{args.dir}/run', exist_ok=True)
		files.write(f'{args.dir}/.probe', 'x')
		os.unlink(f'{args.dir}/.probe')
	except OSError as error:
		raise Trouble(f'cannot write in {args.dir}: {error.strerror}') from error
	if disk.free(args.dir) < disk.FLOOR:
		raise Trouble(f'only {disk.megabytes(disk.free(args.dir))} are left on the disk of {args.dir}; '
			      f'{disk.megabytes(disk.FLOOR)} have to be free')


def _runs(home):
	return sorted(entry.name for entry in os.scandir(f'{home}/run')
		      if entry.is_dir(follow_symlinks=False) and entry.name[:1].isdigit())


def _unfinished(args):
	"""The path of the last night if it was not finished, and its first start; else None."""
	runs = _runs(args.dir)
	if not runs or args.once:
		return None
	path = f'{args.dir}/run/{runs[-1]}'
	if not os.path.exists(f'{path}/journal'):
		return None
	journal = Journal(f'{path}/journal')
	journal.close()
	begin = journal.last('begin')
	return None if begin is None or journal.last('end') else (path, begin)


def _same(args, begin):
	"""Was that night asked for the same?"""
	return (begin.get('hours'), begin.get('tree'), begin.get('mutants')) == (args.hours, args.tree, args.mutants) and \
		args.seed in (None, begin.get('seed'))


def _begin(args, progress):
	"""The directory of the night: that of an unfinished one, or a new one. Sets args.seed and args.words."""
	unfinished = _unfinished(args)
	path = None
	if unfinished and _same(args, unfinished[1]):
		path, begin = unfinished
		args.seed = begin['seed']
		progress.say(f'goes on with {path}')
	else:
		if unfinished:
			progress.say(f'{unfinished[0]} was not finished, and other arguments are given now: what it found '
				     'and is not in the list yet is in its directory')
		runs = _runs(args.dir)
		last = int(runs[-1].split('-')[0]) if runs else 0
		last = max([last] + [night.get('night', 0) for night in record.history(args.dir)])
		path = f"{args.dir}/run/{last + 1:04d}-{time.strftime('%Y%m%d-%H%M%S')}"
		os.mkdir(path)
		args.seed = int(time.time()) % 2 ** 31 if args.seed is None else args.seed
	tree = f' {checks.parameter(args.tree)}' if args.tree else ''
	mutants = f' mutant={args.mutants}' if args.mutants else ''
	shard = f" shard={'/'.join(map(str, args.shard))}" if args.shard != (1, 1) else ''
	args.words = f"hours={args.hours:g} seed={args.seed}{shard}{tree}{mutants}{' once' if args.once else ''} dir={args.dir}"
	journal = Journal(f'{path}/journal')
	journal.add('begin', hours=args.hours, seed=args.seed, tree=args.tree, mutants=args.mutants,
		    time=time.strftime('%Y-%m-%d %H:%M:%S'))
	journal.close()
	link = f'{args.dir}/run/.latest.{os.getpid()}'
	os.symlink(os.path.basename(path), link)
	os.rename(link, f'{args.dir}/run/latest')
	return path


def _python():
	"""A Python that has what the page is made with: ours, or Debian's. Raises: Trouble."""
	for python in dict.fromkeys((sys.executable, '/usr/bin/python3')):
		try:
			if subprocess.run([python, '-c', 'import jinja2, pygal'], capture_output=True, check=False).returncode == 0:
				return python
		except OSError:
			continue
	raise Trouble('python3-jinja2 and python3-pygal are missing; scripts/setup report installs them')


def _page_time():
	return PAGE_INTERRUPTED if job.interrupted() else PAGE


def page(run, home):
	"""Writes the page of a night. Raises: Trouble: why there is none."""
	log = f'{run}/page.log'
	ended = subprocess.run([_python(), 'scripts/lib/start.py', 'page', run, home], capture_output=True, text=True,
			       check=False, timeout=_page_time())
	if ended.returncode != 0:
		files.write(log, ended.stdout + ended.stderr)
		raise Trouble(f'no page: see {log}')


def _close(args, path, night, facts):
	"""The page and the last lines. Return: the exit status."""
	verdict = night.verdict
	job.last_words(_page_time() + job.HARD_STOP)
	try:
		results = formats.night_results(facts)
		files.write(f'{path}/junit.xml', formats.junit(results, f'night {night.number}', night.elapsed()))
		files.write(f'{path}/findings.sarif', formats.sarif(facts))
		page(path, args.dir)
		where = f'page {path}/report.html'
	except (Trouble, OSError, subprocess.TimeoutExpired) as trouble:
		verdict.incomplete(str(trouble))
		where = f'findings {args.dir}/findings'
	verdict.done[-1] += f', {disk.megabytes(disk.used(args.dir))} of {args.disk} MB used, {where}'
	return verdict.close()


def _setup(progress):
	"""Installs what the page needs; a night without a page is better than none."""
	ended = job.run(['scripts/setup', 'report'])
	if ended.status != 0:
		progress.say('goes on without what the page needs')


def _nightly(args, progress):
	_home(args)
	lock = files.Lock(f'{args.dir}/.lock')
	if not lock.take():
		raise Trouble(f'another nightly runs in {args.dir} ({lock.holder()})')
	try:
		seconds = args.hours * 3600
		plans = [CorePlan(args.mutants, args.dir, seconds)]
		if args.tree:
			plans.append(TreePlan(args.tree, args.dir, progress, seconds))
		_setup(progress)
		for plan in plans:
			plan.build(progress)
		path = _begin(args, progress)
		removed = disk.prune(f'{args.dir}/run', args.keep, args.disk << 20, args.dir, os.path.basename(path))
		if removed:
			progress.say(f"removed the oldest nights of {args.dir}: {', '.join(removed)}")
		night = Night(args, plans, path, progress, _Revision(plans))
		progress.say(f'{args.words}, {len(night.arms)} engines, in {path}')
		return _close(args, path, night, night.run())
	finally:
		job.end()
		lock.release()


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	progress = Progress('nightly', every=300)
	if args.show:
		return _show(args)
	try:
		return _nightly(args, progress)
	except (Trouble, OSError) as trouble:	# one line at the end, also of this
		progress.settle()
		verdict = Verdict('nightly', getattr(args, 'words', f'hours={args.hours:g} dir={args.dir}'))
		verdict.incomplete(str(trouble))
		return verdict.close()


def _show(args):
	from lib.night import show	# pylint: disable=import-outside-toplevel
	return show.show(args.dir)
