#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scripts/bisect on small histories: one whose programs are shell scripts, for every verdict of a commit,
and one of a kernel tree in which a known flaw was fixed once.
"""
import os
import subprocess
import sys

import home
from lib import build, progress, start, tap
from lib.trees import change, graph, source, take

GIT = ['git', '-c', 'user.name=Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false',
       '-c', 'init.defaultBranch=main']
REPLAY = r"""#!/bin/bash
case @HOW@ in
fails) echo "ok     $1: INV-X1 as expected" ;;
passes) echo "PASSES $1: INV-X1 was expected"; exit 1 ;;
stale*) echo "STALE  $1: not reached: 0.op1 lock(ci)#1 -> 1"; exit 3 ;;
other) echo "FAILS  $1: INV-X2 core/x.c:1; INV-X1 was expected"; exit 1 ;;
unreadable) echo "$1:1:1: expected something else"; exit 2 ;;
esac
"""
EXPLORE = r"""#!/bin/bash
while [ $# -gt 0 ]; do case $1 in --json) json=$2 ;; esac; shift; done
n=0
case @HOW@ in fails|stale-near) n=9 ;; esac
echo '{"findings": [{"check": "INV-X1", "count": '$n'}]}' >"$json"
"""
NINJA = 'rule copy\n  command = cp $in $out && chmod +x $out\nbuild out/dev/replay: copy replay\n' \
	'build out/dev/explore: copy explore\n'


def git(where, *words):
	return subprocess.run([*GIT, '-C', where, *words], check=True, capture_output=True, text=True).stdout.strip()


class Case(home.Scratch):
	def setUp(self):
		super().setUp()
		self.repository = f'{self.tmp}/history'
		os.makedirs(self.repository)
		git(self.repository, 'init', '-q')

	def commit(self, subject, **contents):
		for path, text in contents.items():
			path = os.path.join(self.repository, path.replace('__', '/'))
			os.makedirs(os.path.dirname(path), exist_ok=True)
			with open(path, 'w', encoding='utf-8') as file:
				file.write(text)
			os.chmod(path, 0o755)
		git(self.repository, 'add', '-A')
		git(self.repository, 'commit', '-q', '-m', subject)
		return git(self.repository, 'rev-parse', 'HEAD')


class Core(Case):
	DRIVER = f"import sys; sys.path.insert(0, {home.TOP + '/scripts'!r}); from lib import start; start.leave(start.run('bisect', sys.argv[1:]))"

	def history(self, *hows):
		"""A commit for each word. Return: their names."""
		with open(f'{self.tmp}/x.prog', 'w', encoding='ascii') as file:
			file.write('program 1\nexpect INV-X1\n')
		return [self.commit(f'{number} {how}', replay=REPLAY.replace('@HOW@', how), explore=EXPLORE.replace('@HOW@', how),
				    scripts__setup='#!/bin/sh\n', **{'build.ninja': 'broken' if how == 'broken' else NINJA},
				    note=str(number))
			for number, how in enumerate(hows)]

	def bisect(self, status, good, bad, *patterns):
		# the directory of the geometries is a part of --help
		if not os.path.lexists(f'{self.repository}/core'):
			os.symlink(f'{home.TOP}/core', f'{self.repository}/core')
		run = subprocess.run([sys.executable, '-c', self.DRIVER, f'{self.tmp}/x.prog', good, bad], cwd=self.repository,
				     capture_output=True, text=True, check=False)
		text = run.stdout + run.stderr
		self.assertEqual(status, run.returncode, text)
		for pattern in patterns:
			self.assertRegex(text, pattern)
		self.assertFalse(os.path.exists(f'{self.repository}/out/bisect/work'))
		return text

	def test_found(self):
		names = self.history('passes', 'passes', 'passes', 'passes', 'fails', 'fails', 'fails')
		before = git(self.repository, 'rev-parse', 'HEAD')
		self.bisect(0, names[0], 'main', f'first bad commit {names[4][:12]}', r'4 fails',
			    r'bisect: PASS .*, planned a search of 6 commits, done [23] of them looked at\n')
		self.assertEqual((before, ''), (git(self.repository, 'rev-parse', 'HEAD'), git(self.repository, 'branch', '--list', 'bisect*')))

	def test_near(self):
		"""where the schedule does not fit, what is near it tells"""
		names = self.history('passes', 'stale', 'stale', 'stale-near', 'stale-near', 'fails')
		self.bisect(0, names[0], names[-1], f'first bad commit {names[3][:12]}', 'good  .*none of 2000 schedules',
			    'bad  .*9 of 2000 schedules')

	def test_skipped(self):
		names = self.history('passes', 'passes', 'broken', 'unreadable', 'fails', 'fails')
		text = self.bisect(2, names[0], names[-1], 'bisect: INCOMPLETE .*', 'the first bad commit is one of these')
		for name in names[2:5]:
			self.assertIn(name[:12], text)
		self.assertRegex(text, 'skip  .*it does not build')

	def test_ends(self):
		names = self.history('passes', 'fails', 'passes', 'broken', 'fails')
		self.bisect(2, names[0], names[2], 'BAD is not bad: the program passes')
		self.bisect(2, names[1], names[0], r'BAD \(\w+\) comes before GOOD \(\w+\), and has to come after it')
		self.bisect(2, names[1], names[1], 'GOOD is not good: the program fails')
		self.bisect(2, names[3], names[4], 'GOOD is not good: it does not build')
		self.bisect(2, 'nosuch', names[1], "has no revision 'nosuch'")

	def test_usage(self):
		os.makedirs(f'{self.repository}/core/linux')
		with open(f'{self.tmp}/pass.prog', 'w', encoding='ascii') as file:
			file.write('program 1\nexpect pass\n')
		for words in ((), ('a',), ('/nosuch', 'a', 'b'), (f'{self.tmp}/pass.prog', 'a', 'b'),
			      (f'{home.TOP}/corpus/regress/late-dec.prog', 'a', 'b', '--tree', '/nosuch'),
			      (f'{home.TOP}/corpus/regress/late-dec.prog', 'a', 'b', '--geometry', '8-slab')):
			run = subprocess.run(['scripts/bisect', *words], capture_output=True, text=True, check=False)
			self.assertEqual(2, run.returncode, words)
			self.assertIn('scripts/bisect: error: ', run.stderr)


class Tree(Case):
	FLAW = 'table-unlocked'
	NAME = 'test-bisect'

	def test_tree(self):
		"""a kernel's history in which a flaw comes, among other changes"""
		quiet = progress.Progress('bisect', stream=open(os.devnull, 'w', encoding='utf-8'))	# pylint: disable=consider-using-with
		try:
			take.take(take.Wanted('debian', self.NAME, geometries=['8-slab'],
					      patches=[change.known(change.FIXES)[self.FLAW]]), quiet)
		except start.Trouble as trouble:
			if os.environ.get('CI'):
				raise
			self.skipTest(f"no source of Debian's: {str(trouble).splitlines()[0]}")
		changed = graph.trees()[self.NAME]['changed']
		tree = source.find('debian', None, False, quiet)
		contents = {path: data.decode() for path in ('Makefile', *source.Listed().files) if (data := tree.read(path)) is not None}
		fixed = {path: files_read(f'{graph.DIRECTORY}/{self.NAME}/src/{path}') for path in changed}
		with build.locked(quiet):
			graph.remove(self.NAME)
		good = self.commit('mm: as it should be', **{**contents, **fixed})
		self.commit('mm: a comment', **{path: text + '/* a comment */\n' for path, text in fixed.items()})
		wrong = self.commit('mm: publish the table early', **{path: contents[path] for path in changed})
		bad = self.commit('mm: another comment', **{path: contents[path] + '/* more */\n' for path in changed})
		run = subprocess.run(['scripts/bisect', f'corpus/linux/flaws/{self.FLAW}.prog', good, bad, '--tree', self.repository],
				     capture_output=True, text=True, check=False)
		self.assertEqual(0, run.returncode, run.stdout + run.stderr)
		self.assertIn(f'first bad commit {wrong[:12]}', run.stdout)
		self.assertEqual('', git(self.repository, 'status', '--porcelain'))


def files_read(path):
	"""A text file."""
	with open(path, encoding='utf-8') as file:
		return file.read()


if __name__ == '__main__':
	tap.main()
