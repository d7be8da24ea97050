# SPDX-License-Identifier: GPL-2.0-only
"""scripts/bisect: which commit makes a program fail. See TEXT."""
import contextlib
import json
import os
import re
import shutil
import sys

from lib import build, evidence, files, job, options
from lib.progress import Progress
from lib.start import Interrupted, Trouble
from lib.trees import graph, source, take
from lib.verdict import Verdict

HOME = 'out/bisect'
GOOD, BAD, SKIP, STOP = 10, 11, 12, 13	# statuses of a step: Python's own are none of them
# to what git bisect run knows; 128 ends it
TRANSLATE = '"$@"; case $? in 10) exit 0 ;; 11) exit 1 ;; 12) exit 125 ;; *) exit 128 ;; esac'
NEAR = 2000		# schedules of a search near the program
OFTEN = 5		# failures in it that make "none" mean something
SECONDS = 300
TREE = 'bisect'
TEXT = """
Finds the commit that made a program fail: git bisect over this repository, or over a kernel tree. It works on
clones in out/bisect; nothing is checked out, built or written elsewhere. It does not find the commit that fixed
a failure: BAD has to come after GOOD.

At each commit it builds what is needed and replays the program. If the schedule no longer fits the code, it
searches schedules near it. A commit with the same failure is bad. A commit without it, where the search fails
often at BAD, is good. A commit that cannot be judged, for example because it does not build, is skipped.
"""
MORE = """
examples:
  scripts/bisect out/nightly/finding/INV-C8-7c09.prog v1.0 HEAD
  scripts/bisect WARN-a72d.prog v7.2 v7.3 --tree ~/linux

Exit status: 0 the commit was found; 2 it was not: bad usage, GOOD is not good or BAD is not bad, or none of the
remaining commits can be judged (they are named).
"""


def parse(argv):
	"""The arguments of scripts/bisect."""
	parser = options.Parser('bisect', TEXT)
	parser.epilog = MORE
	parser.add_argument('program', metavar='PROGRAM', type=options.word, help='a program that expects a failure')
	parser.add_argument('good', metavar='GOOD', type=options.word, help='a revision where it does not fail')
	parser.add_argument('bad', metavar='BAD', type=options.word, help='a later one where it does')
	parser.add_argument('--tree', metavar='DIR', type=options.word, help='bisect this kernel tree, a git repository')
	parser.add_argument('--variant', choices=('dev', 'asan', 'tsan'), default='dev',
			    help='the variant to build (default dev; asan for UAF, OOB and UBSAN, tsan for RACE)')
	parser.add_argument('--geometry', choices=graph.geometries(),
			    help=f'of the tree (default: what the program says, else {graph.geometries()[0]})')
	args = parser.parse_args(argv)
	if not os.path.isfile(args.program):
		parser.error(f"no file '{args.program}'")
	args.expect = re.search(r'^expect\s+(\S+)', evidence.read(args.program), re.M)
	if not args.expect or args.expect.group(1) == 'pass':
		parser.error(f"'{args.program}' expects no failure")
	if args.geometry and not args.tree:
		parser.error('--geometry is for --tree')
	if args.tree and not os.path.isdir(args.tree):
		parser.error(f"no directory '{args.tree}'")
	args.expect = args.expect.group(1)
	return args


def _geometry(program):
	"""The geometry that a program asks for; the default one if it does not."""
	text = evidence.read(program)
	slots, table = re.search(r'\bslots=(\d+)', text), re.search(r'\btable=(\w+)', text)
	wanted = f"{slots.group(1) if slots else '8'}-{table.group(1) if table else 'slab'}"
	names = graph.geometries()
	return next((name for name in names if wanted == name or name == (slots and slots.group(1))), names[0])


# --- a step ---------------------------------------------------------------------------------

class Step:
	"""
	Looks at one commit. @state: what bisect() wrote: work (the clone), top, program, expect, tree,
	variant, geometry, often (failures near the program at BAD; None: not known yet)
	"""

	def __init__(self, state):
		self.state = state
		self.log = f"{state['top']}/{HOME}/log"

	def _run(self, argv, cwd, seconds=SECONDS):
		"""Runs a program. Return: its status, None if it was not ended, and what it said."""
		files.write(self.log, '')
		try:
			ended = job.run(argv, log=self.log, cwd=cwd, seconds=seconds, env={'GIT_DIR': None, 'GIT_WORK_TREE': None})
		except Trouble as trouble:	# it does not start
			return None, str(trouble)
		return None if ended.timed_out else ended.status, evidence.read(self.log)

	def build(self):
		"""Builds what is needed. Return: the directory of the programs, or None: it does not build."""
		state = self.state
		if not state['tree']:
			directory = f"{state['work']}/out/{state['variant']}"
			os.makedirs(f"{state['work']}/out/lock", exist_ok=True)
			for argv in (['scripts/setup'],
				     ['flock', 'out/lock/build', 'ninja', *(f"out/{state['variant']}/{name}" for name in ('replay', 'explore'))]):
				if self._run(argv, state['work'], 3600)[0] != 0:
					return None
			return directory
		directory = graph.programs(TREE, state['variant'], state['geometry'])
		progress = Progress('bisect', every=60)
		try:
			take.take(take.Wanted(state['work'], name=TREE, geometries=[state['geometry']]), progress)
			build.build([f'{directory}/replay', f'{directory}/explore'], progress, file=graph.TOP)
		except Trouble as trouble:
			progress.say(str(trouble).split('\n', maxsplit=1)[0])
			return None
		return directory

	def near(self, directory):
		"""How many of the schedules near the program fail as it expects; None: it could not be searched."""
		out = f"{self.state['top']}/{HOME}/near"
		shutil.rmtree(out, ignore_errors=True)
		os.makedirs(out)
		status, text = self._run([f'{directory}/explore', '--near', '--keep-going', '--quiet', '--schedules', str(NEAR), '--out',
					  f'{out}/found', '--json', f'{out}/said', self.state['program']], self._where())
		if status not in (0, 1, 2):
			return None
		said = files.read_json(f'{out}/said')
		if said is None:
			return len(re.findall(rf"^FOUND  {re.escape(self.state['expect'])} ", text, re.M))
		return sum(finding.get('count', 1) for finding in said.get('findings') or []
			   if finding.get('check') == self.state['expect'])

	def _where(self):
		return self.state['top'] if self.state['tree'] else self.state['work']

	def look(self):
		"""Return: GOOD, BAD or SKIP, and why in a few words."""
		directory = self.build()
		if directory is None:
			return SKIP, 'it does not build'
		program = self.state['program']
		_, text = self._run([f'{directory}/replay', program], self._where())
		if re.search(r'^ok +\S.* as expected', text, re.M):
			return BAD, 'the program fails'
		if re.search(r'^PASSES ', text, re.M):
			return GOOD, 'the program passes'
		if not re.search(r'^(STALE|FAILS|DIFFERS) ', text, re.M):
			return SKIP, f'it cannot be replayed ({evidence.tail(text, 1)[:100]})'
		often = self.near(directory)
		if often is None:
			return SKIP, 'near the program nothing can be searched'
		if often:
			return BAD, f'{often} of {NEAR} schedules near the program fail'
		if (self.state.get('often') or 0) >= OFTEN:
			return GOOD, f"none of {NEAR} schedules near the program fails, at BAD {self.state['often']}"
		return SKIP, 'its schedule does not fit, and nothing near it fails'


def step(path):
	"""What git bisect run calls. Return: its status."""
	state = files.read_json(path)
	os.chdir(state['top'])
	status, why = Step(state).look()
	commit = _git(state['work'], 'log', '-1', '--format=%h %s').strip()
	print(f"bisect: {({GOOD: 'good', BAD: 'bad', SKIP: 'skip'})[status]}  {commit}  ({why})", flush=True)
	return status


# --- all of it ------------------------------------------------------------------------------

def _git(where, *words):
	"""What git prints. Raises: Trouble."""
	return job.output(['git', '-c', 'advice.detachedHead=false', '-C', where, *words], seconds=3600,
			  env={'GIT_DIR': None, 'GIT_WORK_TREE': None})


def _clone(args):
	"""A clone that shares the objects, with the files that matter. Return: its path."""
	work = os.path.abspath(f'{HOME}/work')
	shutil.rmtree(work, ignore_errors=True)
	origin = os.path.realpath(args.tree or '.')
	revisions = []
	for revision in (args.good, args.bad):
		try:
			revisions.append(_git(origin, 'rev-parse', '--verify', '-q', f'{revision}^{{commit}}').strip())
		except Trouble as trouble:
			raise Trouble(f"'{origin}' has no revision '{revision}'") from trouble
	good, bad = revisions
	if good != bad and not _git(origin, 'rev-list', '-n', '1', bad, f'^{good}').strip():
		raise Trouble(f"BAD ({args.bad}) comes before GOOD ({args.good}), and has to come after it: bisect finds the commit "
			      'that made the program fail, not the one that fixed it')
	job.output(['git', 'clone', '-q', '--shared', '--no-checkout', origin, work], seconds=3600)
	if args.tree:
		_git(work, 'sparse-checkout', 'set', '--no-cone', 'Makefile', *source.Listed().files)
	return work, *revisions


def _ends(state, good, bad):
	"""Looks at both ends. Raises: Trouble if they are not what they should be."""
	for revision, wanted, name in ((bad, BAD, 'BAD'), (good, GOOD, 'GOOD')):
		_git(state['work'], 'checkout', '-q', '-f', revision)
		look = Step(state)
		status, why = look.look()
		commit = _git(state['work'], 'log', '-1', '--format=%h %s').strip()
		print(f'bisect: {name} is {commit}: {why}', flush=True)
		if status != wanted:
			raise Trouble(f"{name} is not {name.lower()}: {why}")
		if name == 'BAD':
			directory = look.build()
			state['often'] = look.near(directory) if directory else 0
			files.write(f'{HOME}/state', json.dumps(state))


def bisect(args):
	"""Return: the Verdict. Raises: Trouble, OSError, Interrupted."""
	work, good, bad = _clone(args)
	program = os.path.abspath(f'{HOME}/program.prog')
	files.write(program, evidence.read(args.program))
	state = {'work': work, 'top': os.getcwd(), 'program': program, 'expect': args.expect, 'tree': bool(args.tree),
		 'variant': args.variant, 'geometry': args.geometry or _geometry(program) if args.tree else None, 'often': None}
	verdict = Verdict('bisect', f'program={args.program} good={args.good} bad={args.bad}' +
			  (f' tree={args.tree}' if args.tree else ''))
	_ends(state, good, bad)
	_git(work, 'bisect', 'start', bad, good)
	with contextlib.suppress(FileNotFoundError):
		os.unlink(f'{HOME}/run.log')		# an earlier bisect's, which would be read as this one's
	runner = ['sh', '-c', TRANSLATE, 'step', sys.executable, os.path.join(os.path.dirname(os.path.realpath(__file__)), 'start.py'),
		  'bisect', '--step', os.path.abspath(f'{HOME}/state')]
	ended = job.run(['git', '-C', work, 'bisect', 'run', *runner], log=f'{HOME}/run.log', tick=_follow(), every=0.5,
			env={'GIT_DIR': None, 'GIT_WORK_TREE': None})
	text = evidence.read(f'{HOME}/run.log')
	looked = re.findall(r'^bisect: (?:good|bad|skip)  .*', text, re.M)
	print('\n'.join(looked))
	first = re.search(r'^([0-9a-f]{40}) is the first bad commit$', text, re.M)
	if first:
		print(_git(work, 'log', '-1', '--stat', '--format=%n%H%nAuthor: %an%nDate:   %ad%n%n    %s', first.group(1)).rstrip())
		verdict.parameters += f', first bad commit {first.group(1)[:12]}'
	elif 'first bad commit could be any of' in text:
		left = re.findall(r'^[0-9a-f]{40}$', text, re.M)
		verdict.incomplete("the first bad commit is one of these, none of which can be judged: "
				   f"{' '.join(word[:12] for word in left)}")
	else:
		verdict.incomplete(f'{ended.words()}: {evidence.tail(text, 2)}')
	among = _git(work, 'rev-list', '--count', bad, f'^{good}').strip()
	verdict.amount(f'a search of {among} commits', f'{len(looked)} of them looked at')
	return verdict


def _follow():
	"""A function that shows git's progress."""
	progress = Progress('bisect')

	def tick():
		left = re.findall(r'^Bisecting: (.*)$', evidence.read(f'{HOME}/run.log'), re.M)
		if left:
			progress.live(left[-1])
	return tick


def main(argv):
	"""Return: the exit status."""
	if argv[:1] == ['--step']:
		status = STOP
		try:
			status = step(argv[1])
		except (Trouble, OSError, Interrupted) as trouble:
			print(f'bisect: {trouble}', flush=True)
		finally:
			job.end()
			sys.stdout.flush()
			os._exit(status)
	args = parse(argv)
	os.makedirs(HOME, exist_ok=True)
	lock = files.only_one('bisect')
	try:
		verdict = bisect(args)
	finally:
		job.end()
		if args.tree and TREE in graph.trees():
			with build.locked(Progress('bisect')):
				graph.remove(TREE)
		shutil.rmtree(f'{HOME}/work', ignore_errors=True)
		lock.release()
	return verdict.close()
