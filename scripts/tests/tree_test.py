#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/tree: what it takes of a tree, what it says, what it refuses, and what it leaves alone."""
import glob
import hashlib
import json
import os
import shutil
import subprocess

import home		# noqa: F401
from lib import build, tap
from lib.trees import debian, graph, probe, source
from tree_case import NAME, QUIET, Case, text_of, put, fake, replace, begin, times

FREE = '(struct swap_info_struct *si, unsigned long offset, unsigned int nr_entries)'


class Take(Case):
	def test_copies(self):
		"""each listed file is there, byte for byte, and the manifest has its hash"""
		said = self.tree(self.linux)
		manifest = self.manifest()
		self.assertIn("byte for byte the tree's", said)
		self.assertIn('Linux 7.3.4', said)
		for path, optional in source.Listed().files.items():
			if not optional or os.path.exists(f'{self.linux}/{path}'):
				with open(f'{self.linux}/{path}', 'rb') as file:
					data = file.read()
				with open(self.path(f'src/{path}'), 'rb') as file:
					self.assertEqual(file.read(), data)
				self.assertEqual(manifest['files'][path]['copy'], hashlib.sha256(data).hexdigest())
		self.assertEqual(manifest['changed'], [])
		self.assertNotIn('commit', manifest['source'])
		self.assertFalse(os.path.exists(self.path('src/mm/vmscan.c')))

	def test_twice(self):
		"""a second run touches no file"""
		self.tree(self.linux)
		before = times(NAME)
		self.tree('--again', NAME)
		self.tree(self.linux)
		after = times(NAME)
		del before[self.path('MANIFEST.json')], after[self.path('MANIFEST.json')]
		self.assertEqual(before, after)

	def test_name(self):
		"""the name of a tree that was taken is no directory: what takes it again is said"""
		self.tree(self.linux)
		for where in (None, self.linux):
			self.assertIn(f"no directory '{NAME}'; it is the name of a tree that was taken: --again {NAME} takes it again\n",
				      self.tree(NAME, status=2, cwd=where))
		self.tree(NAME, cwd=self.tmp)	# where there is such a directory

	def test_edit(self):
		"""after a change in the tree one file is written"""
		self.tree(self.linux)
		before = times(NAME)
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		self.tree('--again', NAME)
		changed = {path for path, time in times(NAME).items() if before.get(path) != time}
		self.assertEqual(changed - {self.path('MANIFEST.json')}, {self.path('src/mm/swapfile.c')})

	def test_more_parameters(self):
		"""a function that is hooked may have another result, and more parameters behind those that are looked at"""
		replace(f'{self.linux}/mm/swapfile.c', f'static void swap_range_free{FREE} {{ }}', """
static noinline bool
swap_range_free(struct swap_info_struct *i, unsigned long at, /* of them */ unsigned int nr_entries, struct more *more)
	__must_hold(&i->lock)
{
}
""")
		self.tree(self.linux)
		self.assertIn('struct more;\nstatic noinline bool swap_range_free(struct swap_info_struct * i , unsigned long at , '
			      'unsigned int nr_entries , struct more * more);\n', text_of(self.path('include/prototypes.h')))
		self.assertIn('static noinline int try_to_unuse(unsigned int type);\n', text_of(self.path('include/prototypes.h')))

	def test_other_parameters(self):
		"""a function whose arguments are others than those that are looked at is told"""
		replace(f'{self.linux}/mm/swapfile.c', f'swap_range_free{FREE}', 'swap_range_free(unsigned int type, unsigned long at)')
		self.assertIn('mm/swapfile.c: swap_range_free() has the parameters (unsigned int type, unsigned long at), and must '
			      f'begin with {FREE}', self.tree(self.linux, status=2))

	def test_other_name(self):
		"""a function that has another name is looked at all the same, if the user says so"""
		replace(f'{self.linux}/mm/swapfile.c', 'swap_range_free(', 'range_free(')
		said = self.tree(self.linux, status=2)
		self.assertIn('mm/swapfile.c: there is no swap_range_free().', said)
		self.assertIn('range_free() take the same parameters. If it has another name now: scripts/tree ... '
			      '--hook swap_range_free=NAME', said)
		self.tree(self.linux, '--hook', 'swap_range_free=range_free')
		self.tree('--again', NAME)
		text = text_of(self.path('include/prototypes.h'))
		self.assertIn('#define TREE_NAME_swap_range_free "range_free"\n', text)
		self.assertIn('static noinline void range_free(', text)
		self.assertIn('HOOK(swap_range_free, range_free)', text)
		for pair, trouble in (('swap_range_free', 'expected OLD=NEW'), ('swap_range_fre=x', 'near: swap_range_free'),
				      ('swap_range_free=gone', 'there is no gone()')):
			self.assertIn(trouble, self.tree(self.linux, '--hook', pair, status=2))

	def test_without(self):
		"""checks that are left out: the compiler and the user are told, also when the tree is taken again"""
		said = self.tree(self.linux, '--without', 'PROG-1,INV-G6')
		self.assertIn(f'without INV-G6 PROG-1: what these would find is not found in {NAME}', said)
		for said in (said, self.tree('--again', NAME)):
			manifest = json.loads(text_of(self.path('MANIFEST.json')))
			self.assertEqual(manifest['without'], ['INV-G6', 'PROG-1'])
			self.assertIn(r'-DCHECKS_WITHOUT=\"INV-G6,PROG-1\"', manifest['api'])
		for ids, trouble in (('INV-G', "no 'INV-G'; near: "), ('RACE', 'only checks of the data model'), ('', "no ''")):
			self.assertIn(trouble, self.tree(self.linux, '--without', ids, status=2))

	def test_wrapper(self):
		"""a wrapper that has the old name, and other parameters, stays what it is"""
		replace(f'{self.linux}/mm/swapfile.c', f'static void swap_range_free{FREE} {{ }}',
			f'static void __swap_range_free{FREE} {{ puts("}}("); }}\nstatic void swap_range_free(int more) {{ }}')
		said = self.tree(self.linux, status=2)
		self.assertIn('swap_range_free() has the parameters (int more), and must begin with', said)
		self.assertIn('--hook swap_range_free=NAME', said)
		self.tree(self.linux, '--hook', 'swap_range_free=__swap_range_free')
		text = text_of(self.path('include/prototypes.h'))
		self.assertIn('HOOK(swap_range_free, __swap_range_free)', text)
		self.assertNotIn(' swap_range_free(', text)

	def test_optional(self):
		"""some of the functions may be missing, and that is told"""
		replace(f'{self.linux}/mm/swapfile.c', 'static void discard_swap_cluster(', 'static void discard_it(')
		self.assertIn('mm/swapfile.c: there is no discard_swap_cluster()', self.tree(self.linux))
		self.assertNotIn('HOOK(discard_swap_cluster', text_of(self.path('include/prototypes.h')))
		replace(f'{self.linux}/mm/swapfile.c', 'static void discard_it(', 'static void discard_swap_cluster(int first, ')
		self.assertIn('mm/swapfile.c: discard_swap_cluster() has other parameters than (struct', self.tree('--again', NAME))

	def test_gone(self):
		"""a file that the tree does not have any more is not kept"""
		put(f'{self.linux}/mm/swap_more.h', 'int more;\n')
		replace(f'{self.linux}/mm/swapfile.c', 'int line_0_0;', '#include "swap_more.h"')
		self.tree(self.linux)
		self.assertTrue(os.path.exists(self.path('src/mm/swap_more.h')))
		replace(f'{self.linux}/mm/swapfile.c', '#include "swap_more.h"', 'int line_0_0;')
		self.tree(self.linux)
		self.assertFalse(os.path.exists(self.path('src/mm/swap_more.h')))

	def test_generation(self):
		"""7.3 and 7.2 are told by what is there"""
		self.tree(self.linux)
		self.assertEqual(self.manifest()['generation'], '7.3')
		self.assertIn('-DAPI_SWAP_IO_CTX=1', self.manifest()['api'])
		os.unlink(f'{self.linux}/include/linux/swap_ops.h')
		for path in ('mm/swap_state.c', 'mm/swapfile.c'):
			for _, where, text in probe.Table().features:
				if where == path:
					replace(f'{self.linux}/{path}', text, '')
		self.tree(self.linux)
		self.assertEqual(self.manifest()['generation'], '7.2')
		self.assertIn('-DAPI_SWAP_IO_CTX=0', self.manifest()['api'])

	def test_relative(self):
		"""paths are those of the directory where it is started"""
		self.tree(NAME, cwd=self.tmp)
		self.assertEqual(self.manifest()['source']['path'], os.path.realpath(self.linux))

	def test_empty_headers(self):
		"""a header that is nowhere else is an empty file; the C library's is not"""
		replace(f'{self.linux}/mm/swapfile.c', 'int line_0_0;',
			'#include <linux/no_such_header.h>\n#include <linux/types.h>')
		self.tree(self.linux)
		self.assertEqual(text_of(self.path('empty/linux/no_such_header.h')), '')
		self.assertFalse(os.path.exists(self.path('empty/linux/types.h')))

	def test_list_remove(self):
		"""--list names it, --remove removes it, from the graph too"""
		self.tree(self.linux)
		self.assertIn(NAME, self.tree('--list'))
		self.assertIn(f'/{NAME}/', text_of(graph.TOP))
		self.tree('--remove', NAME)
		self.assertNotIn(NAME, self.tree('--list'))
		self.assertNotIn(f'/{NAME}/', text_of(graph.TOP))
		self.assertIn('there is no tree', self.tree('--remove', NAME, status=2))


class Refuse(Case):
	def nothing(self):
		"""Asserts that nothing half-made is left."""
		self.assertEqual(glob.glob(f'{graph.DIRECTORY}/*{NAME}*') + glob.glob(f'{graph.DIRECTORY}/.*{NAME}*'), [])

	def test_missing_symbol(self):
		"""a tree without a symbol: which, where, and what is known to work"""
		replace(f'{self.linux}/mm/swapfile.c', 'swap_cluster_alloc_table(', 'other(')
		replace(f'{self.linux}/include/linux/swap.h', 'SWP_HIBERNATION', 'OTHER')
		put(f'{self.linux}/mm/swap.h', text_of(f'{self.linux}/mm/swap.h') + '/* swap_cluster_alloc_table( */\n')
		said = self.tree(self.linux, status=2)
		self.assertRegex(said, r'mm/swapfile\.c +swap_cluster_alloc_table\(')
		self.assertRegex(said, r'include/linux/swap\.h +SWP_HIBERNATION')
		self.assertRegex(said, r'known to work: .*7\.3')
		self.nothing()

	def test_missing_file(self):
		"""a tree without a file: which"""
		os.unlink(f'{self.linux}/mm/swap_table.h')
		self.assertRegex(self.tree(self.linux, status=2), r'mm/swap_table\.h +no such file')
		self.nothing()

	def test_keeps_the_old(self):
		"""a tree that cannot be taken any more leaves the copy of before"""
		self.tree(self.linux)
		before = times(NAME)
		replace(f'{self.linux}/mm/swapfile.c', 'swap_cluster_alloc_table(', 'other(')
		self.tree(self.linux, status=2)
		self.assertEqual(times(NAME), before)

	def test_no_generation(self):
		"""a mixture of two generations is none"""
		os.unlink(f'{self.linux}/include/linux/swap_ops.h')
		self.assertIn('of no known generation', self.tree(self.linux, status=2))
		self.nothing()

	def test_no_tree(self):
		"""what is no kernel tree"""
		self.assertIn('no directory', self.tree(f'{self.tmp}/nothing', status=2))
		self.assertIn('has no Makefile', self.tree(self.tmp, status=2))
		put(f'{self.linux}/Makefile', 'all:\n\ttrue\n')
		self.assertIn('no VERSION', self.tree(self.linux, status=2))
		self.nothing()

	def test_options(self):
		"""bad options: what was expected"""
		self.assertIn('two numbers', self.tree('debian:seven', status=2))
		self.assertIn('8-slab', self.tree(self.linux, '--geometry', '16-slab', status=2))
		self.assertIn('VARIANT-GEOMETRY', self.tree(self.linux, '--build', 'dev', status=2))
		self.assertIn('cannot be', self.tree(self.linux, '--name', '../x', status=2))
		self.assertIn('no such mutant', self.tree(self.linux, '--mutant', 'nothing', status=2))
		self.assertIn('no git worktree', self.tree(self.linux, '--since', 'HEAD', status=2))
		self.assertIn('there is no tree', self.tree('--again', NAME + '-no', status=2))
		self.nothing()

	def test_two_of_a_name(self):
		"""two trees do not share a name by accident"""
		self.tree(self.linux)
		other = os.path.join(self.tmp, 'other', NAME)
		fake(other)
		self.assertIn('another --name', self.tree(other, status=2))
		self.tree(other, '--name', NAME + '-other')


class Fresh(Case):
	def test_ninja(self):
		"""in a checkout where nothing was built yet, what scripts/tree names can be built"""
		checkout = os.path.join(self.tmp, 'checkout')
		for name in ('core', 'corpus', 'fuzz', 'scripts', 'stress', 'util'):
			shutil.copytree(name, os.path.join(checkout, name))
		said = subprocess.run([f'{checkout}/scripts/tree', self.linux], stdout=subprocess.PIPE, text=True,
				      stderr=subprocess.STDOUT, check=False).stdout
		words = said.rstrip().rpartition('is ready: ')[2].split()
		self.assertEqual(words[0], 'ninja', said)
		with build.locked(QUIET):
			ended = subprocess.run([*words, '-n'], cwd=checkout, stdout=subprocess.PIPE,
					       stderr=subprocess.STDOUT, text=True, check=False)
		self.assertEqual(ended.returncode, 0, ended.stdout)


class Worktree(Case):
	def test_commit(self):
		"""the commit is named; what it changes outside of our files is named, and left out"""
		self.repository()
		self.change()
		said = self.tree(self.linux)
		commit = self.git('rev-parse', 'HEAD').strip()
		self.assertEqual(self.manifest()['source']['commit'], commit)
		self.assertEqual(self.manifest()['source']['dirty'], [])
		self.assertIn(commit[:12], said)
		self.assertIn('mm: swap: change things für alle', said)
		self.assertRegex(said, r'left out: mm/vmscan\.c')
		self.assertIn('int changed;', text_of(self.path('src/mm/swapfile.c')))

	def test_dirty(self):
		"""changes that are not committed are taken, and told"""
		self.repository()
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		replace(f'{self.linux}/mm/vmscan.c', 'int two;', 'int zwei;')
		index = os.stat(f'{self.linux}/.git/index').st_mtime_ns
		said = self.tree(self.linux)
		self.assertEqual(self.manifest()['source']['dirty'], ['mm/swapfile.c'])
		self.assertIn('not committed: mm/swapfile.c', said)
		self.assertRegex(said, r'left out: mm/vmscan\.c')
		self.assertEqual(os.stat(f'{self.linux}/.git/index').st_mtime_ns, index)

	def test_since(self):
		"""--since says what changed since a revision"""
		self.repository()
		self.git('tag', 'begin')
		self.change()
		self.git('commit', '-q', '--allow-empty', '-m', 'nothing')
		self.assertNotIn('vmscan', self.tree(self.linux))
		self.assertIn('vmscan', self.tree(self.linux, '--since', 'begin'))
		self.assertIn('nothing changed since HEAD~1 outside the files that are built\n', self.tree(self.linux, '--since', 'HEAD~1'))
		self.assertIn('no such revision', self.tree(self.linux, '--since', 'never', status=2))


class Graph(Case):
	def owner(self, name):
		"""Whose objects a tree uses."""
		line = next(line for line in text_of(self.path('tree.ninja', name)).splitlines() if line.startswith('owner'))
		return line.rpartition('/')[2]

	def test_sharing(self):
		"""trees with the same headers share objects; those with others do not"""
		self.tree(self.linux)
		patch = os.path.join(self.tmp, 'c.diff')
		self.repository()
		replace(f'{self.linux}/mm/swapfile.c', 'int line_1_3;', 'int changed;')
		put(patch, self.git('diff'))
		self.git('reset', '-q', '--hard')
		self.tree(self.linux, '--patch', patch)
		self.assertEqual(self.owner(NAME + '-patched'), NAME)
		self.assertEqual(self.owner(NAME), NAME)
		replace(f'{self.linux}/mm/swap.h', 'int line_0_3;', 'int changed;')
		self.tree(self.linux)
		self.assertEqual(self.owner(NAME + '-patched'), NAME + '-patched')
		self.tree('--again', NAME + '-patched')
		self.assertEqual(self.owner(NAME + '-patched'), NAME)

	def test_geometries(self):
		"""only those that are asked for are in the graph, and a tree shares with one that has them"""
		self.tree(self.linux, '--geometry', '512')
		self.assertEqual(self.manifest()['geometries'], ['512'])
		self.assertTrue(os.path.exists(self.path('ninja/dev-512.ninja')))
		self.assertFalse(os.path.exists(self.path('ninja/dev-8-slab.ninja')))
		self.tree(self.linux, '--name', NAME + '-all')
		self.assertEqual(self.owner(NAME + '-all'), NAME + '-all')
		self.tree(self.linux, '--geometry', '8-page')
		self.assertFalse(os.path.exists(self.path('ninja/dev-512.ninja')))


class Debian(Case):
	"""
	Debian's source. It comes from the cache or the net; in CI (variable CI) it must, elsewhere the
	tests are skipped without it.
	"""
	offline = {name: 'http://127.0.0.1:9' for name in ('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY')}
	reason = None

	@classmethod
	def setUpClass(cls):
		ended = subprocess.run(['scripts/tree', 'debian'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
				       stderr=subprocess.STDOUT, text=True, timeout=1200, check=False)
		cls.said = ended.stdout
		assert 'an error in the script itself' not in ended.stdout, ended.stdout
		if ended.returncode != 0:
			cls.reason = 'no source of Debian: ' + ' '.join(ended.stdout.split())

	def setUp(self):
		if self.reason and os.environ.get('CI'):
			self.fail(self.reason)
		if self.reason:
			self.skipTest(self.reason)
		super().setUp()
		about = self.manifest('debian')['source']
		self.unpacked = f"{debian.cache()}/linux-source-{about['series']}_{about['package']}"
		shutil.rmtree(self.linux)
		shutil.copytree(self.unpacked, self.linux, ignore=shutil.ignore_patterns('.unpacked.json'))

	def test_identical(self):
		"""each file is the package's, byte for byte"""
		manifest = self.manifest('debian')
		self.assertIn("byte for byte the tree's", self.said)
		self.assertIn(manifest['generation'], debian.KNOWN)
		packed = json.loads(text_of(f'{self.unpacked}/.unpacked.json'))['files']
		for path in manifest['files']:
			with open(self.path(f'src/{path}', 'debian'), 'rb') as file:
				self.assertEqual(hashlib.sha256(file.read()).hexdigest(), packed[path])

	def test_offline(self):
		"""what the cache has needs no network; what it does not have is said, and what it has"""
		self.tree('debian', '--name', NAME, env=self.offline)
		self.tree('debian:1.0', '--name', NAME + '-no', env=self.offline, status=2)
		said = self.tree('debian', '--name', NAME + '-no', status=2,
				 env={**self.offline, 'XDG_CACHE_HOME': self.tmp})
		self.assertIn('has nothing of it', said)
		self.assertFalse(os.path.exists(f'{graph.DIRECTORY}/{NAME}-no'))

	def test_damaged(self):
		"""a damaged file of the cache is unpacked again"""
		cache = os.path.join(self.tmp, 'swaphammer')
		copy = os.path.join(cache, os.path.basename(self.unpacked))
		os.makedirs(cache)
		shutil.copytree(self.unpacked, copy)
		replace(f'{copy}/mm/swapfile.c', 'swap', 'swop')
		package = f'{self.unpacked}_all.deb'
		if not os.path.exists(package):
			self.skipTest('the cache has no package, only what was unpacked of it')
		os.symlink(package, os.path.join(cache, os.path.basename(package)))
		self.tree('debian', '--name', NAME, env={**self.offline, 'XDG_CACHE_HOME': self.tmp})
		self.assertEqual(self.manifest()['files'], self.manifest('debian')['files'])

	def change(self):
		"""A change as a developer makes it: two of our files, and one that is not built."""
		for path, old, new in (('mm/swapfile.c', 'int folio_alloc_swap(struct folio *folio)\n{',
					'int folio_alloc_swap(struct folio *folio)\n{\n\tmight_sleep();'),
				       ('mm/swap_state.c', '\tstruct folio *folio;\n', '\tstruct folio *folio = NULL;\n'),
				       ('mm/internal.h', '#include', '#include <linux/swap.h>\n#include')):
			replace(f'{self.linux}/{path}', old, new)

	def test_mailed(self):
		"""a patch as it would be mailed is taken, and so is its worktree: the same copies"""
		self.repository()
		self.change()
		self.git('commit', '-q', '-a', '-m', 'mm: swap: a change')
		patch = os.path.join(self.tmp, self.git('format-patch', '-1', '-o', self.tmp).strip())
		by_patch = self.tree('debian', '--name', NAME + '-mailed', '--patch', patch)
		by_tree = self.tree(self.linux)
		for said in (by_patch, by_tree):
			self.assertRegex(said, r'left out.*: mm/internal\.h')
		self.assertEqual([entry['copy'] for entry in self.manifest()['files'].values()],
				 [entry['copy'] for entry in self.manifest(NAME + '-mailed')['files'].values()])
		self.assertEqual(self.manifest(NAME + '-mailed')['changed'], ['mm/swap_state.c', 'mm/swapfile.c'])

	def ninja(self, *more):
		"""Builds explore."""
		ended = build.ninja([*more, '-f', graph.TOP, f'{graph.DIRECTORY}/{NAME}/dev-8-slab/explore'], QUIET)
		self.assertEqual(ended.returncode, 0, ended.stdout)
		return ended

	def edges(self):
		"""What ninja would do for explore."""
		ended = self.ninja('-n')
		return [line.rpartition('] ')[2] for line in ended.stdout.splitlines() if line.startswith('[')]

	def test_edit_and_build(self):
		"""after an edit one file is compiled, and explore linked; without one, nothing"""
		self.tree(self.linux, '--build', 'dev-8-slab')
		self.assertEqual(self.edges(), [])
		self.tree('--again', NAME)
		self.assertEqual(self.edges(), [])
		replace(f'{self.linux}/mm/swapfile.c', '#include', '/* a change */\n#include')
		self.tree('--again', NAME)
		edges = self.edges()
		self.assertEqual(len(edges), 3, edges)
		self.assertRegex(edges[0], 'swapfile')
		self.assertRegex(edges[1], r'libtree-sim\.a')
		self.assertRegex(edges[2], 'explore')
		self.ninja()
		self.assertEqual(self.edges(), [])

	def test_not_there(self):
		"""where a patch uses what is not there, the user is told where to look; of another error that is not said"""
		text = text_of(f'{self.linux}/mm/swapfile.c')
		for line, expected in (('static int no_such(void) { return kernel_has_this(1); }', True),
				       ('static int wrong(void) { return 1 }', False)):
			put(f'{self.linux}/mm/swapfile.c', f'{text}{line}\n')
			said = self.tree(self.linux, '--build', 'dev-8-slab', status=2)
			self.assertIn(': error: ', said)
			self.assertEqual('a patch may use what core/linux/test/vocabulary lists' in said, expected, said)


if __name__ == '__main__':
	tap.main()
