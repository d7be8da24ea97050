#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
More than one generation of the API of a tree: Debian's 7.2 is built and runs the corpus; a tree with another
version number and another spelling is served by what is there. In CI a source that cannot be had is a failure,
elsewhere a skip.
"""
import glob
import os
import re
import shutil
import sys
import tempfile
import unittest

import home		# noqa: F401
from lib import build, evidence, files, job, start, tap
from lib.progress import Progress
from lib.trees import corpus, graph, take

NAME = f'generations-test-{os.getpid()}'


class Generations(unittest.TestCase):
	"""Two trees, each built in one variant and geometry."""

	def setUp(self):
		self.progress = Progress('generations_test', stream=sys.stderr)
		self.made = []

	def tearDown(self):
		with build.locked(self.progress):
			for name in set(self.made) & set(graph.trees()):
				graph.remove(name)

	def built(self, tree, name, geometry, *programs):
		"""Takes a tree and builds it. Return: its manifest, and the directory of its programs."""
		self.made.append(name)
		try:
			manifest, _, _ = take.take(take.Wanted(tree, name, geometries=[geometry]), self.progress)
		except start.Trouble as trouble:
			if os.environ.get('CI') or not tree.startswith('debian'):
				raise
			self.skipTest(f"no source of Debian's: {str(trouble).splitlines()[0]}")
		directory = graph.programs(name, 'dev', geometry)
		if programs:
			build.build([f'{directory}/{program}' for program in programs], self.progress, file=graph.TOP)
		return manifest, directory

	def test_7_2(self):
		"""Debian's 7.2 runs nearly all of corpus/litmus as 7.3 does, and is explored"""
		manifest, directory = self.built('debian:7.2', NAME, '8-slab', 'replay', 'explore')
		self.assertEqual(manifest['generation'], '7.2')
		said = {}
		with tempfile.TemporaryDirectory() as tmp:
			for path in glob.glob('corpus/litmus/*.prog'):
				log = os.path.join(tmp, os.path.basename(path))
				job.run([f'{directory}/replay', path], log=log, seconds=60)
				said.setdefault(corpus.word(evidence.read(log)).split()[0], []).append(path)
			job.run([f'{directory}/explore', '--quiet', '--keep-going', '--seed', '1..', '--schedules', '1000',
				 '--out', tmp, '--json', f'{tmp}/json'], log=f'{tmp}/log', seconds=120)
			report = files.read_json(f'{tmp}/json')
		self.assertNotIn('says', said)
		self.assertGreater(len(said['same']), 75, said)
		self.assertEqual(report['done']['schedules'], 1000, report)

	def test_by_what_is_there(self):
		"""
		a 7.3 that calls itself 9.1, spells userfaultfd as 7.2 does, and has another name for the hints of a CPU, is
		of 7.3's generation, and is built
		"""
		with tempfile.TemporaryDirectory() as tmp:
			self.built('debian', f'{NAME}-plain', '8-slab')
			tree = os.path.join(tmp, 'linux')
			shutil.copytree(f'{graph.DIRECTORY}/{NAME}-plain/src', tree)
			with open(f'{tree}/Makefile', 'w', encoding='utf-8') as file:
				file.write('VERSION = 9\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION = -rc1\n')
			with open(f'{tree}/mm/swapfile.c', encoding='utf-8') as file:
				text = file.read()
			self.assertIn('pte_swp_uffd(', text)
			for old in ('pte_swp_uffd(', 'pte_mkuffd('):
				text = text.replace(old, f'{old[:-1]}_wp(')
			text = re.sub(r'\bpercpu_swap_cluster\b', 'percpu_swap_hint', text)
			with open(f'{tree}/mm/swapfile.c', 'w', encoding='utf-8') as file:
				file.write(text)
			manifest, directory = self.built(tree, f'{NAME}-newer', '8-slab', 'replay')
			self.assertEqual((manifest['version'], manifest['generation']), ('9.1.0-rc1', '7.3'))
			self.assertEqual([name for name, there in manifest['features'].items() if not there],
					 ['hints_si', 'hints_offset', 'hints_lock', 'pte_uffd'])
			ended = job.run([f'{directory}/replay', 'corpus/litmus/alloc-steal.prog'], log=f'{tmp}/log', seconds=60)
			self.assertEqual(ended.status, 0, evidence.read(f'{tmp}/log'))


if __name__ == '__main__':
	job.take_signals()
	tap.main()
