#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
A disk that fills up at 50 places: on file systems of few kilobytes, at a different one each time,
explore says what it found. What it says it wrote is there, whole, and fails again; what the disk did not
take is printed; no file is empty; the next run, with space, works.
"""
import glob
import json
import os
import random
import re
import subprocess
import tempfile
import unittest

import home		# noqa: F401
from lib import tap

PLACES = 50
PAGE = 4096			# what tmpfs counts in


def run(*words):
	"""Return: exit status, output."""
	ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120)
	return ended.returncode, ended.stdout.decode(errors='replace')


def mount(where, pages, names=100):
	"""Whether a file system for so many pages and files could be mounted."""
	return run('mount', '-t', 'tmpfs', '-o', f'size={pages * PAGE},nr_inodes={names}', 'none', where)[0] == 0


class Full(unittest.TestCase):
	"""explore, with more findings than the disk has room for."""

	def explore(self, directory):
		"""Return: exit status, output."""
		return run('out/dev/explore', '--mutant', 'fast-lock-leak', '--keep-going', '--quiet', '--schedules',
			   '400', '--seed', '1..', '--out', f'{directory}/found', '--json', f'{directory}/json')

	def look(self, directory, status, text, what):
		"""What must hold of a run."""
		self.assertIn(status, (1, 2), f'{what}: {text[-500:]}')
		for path in glob.glob(f'{directory}/**', recursive=True):
			if os.path.isfile(path):
				self.assertGreater(os.path.getsize(path), 0, f'{what}: {path} is empty')
		for path in glob.glob(f'{directory}/found/*.prog'):
			code, said = run('out/dev/replay', path)
			self.assertEqual(code, 0, f'{what}: {path}: {said[-300:]}')
		if status == 1:
			kept = glob.glob(f'{directory}/found/*.prog')
			self.assertTrue(kept or re.search(r'^\s*program 1$', text, re.M), f'{what}: what failed is nowhere')
		if os.path.exists(f'{directory}/json'):
			with open(f'{directory}/json', encoding='utf-8') as file:
				json.load(file)

	def test_places(self):
		"""fifty sizes and fillings of a disk"""
		chance = random.Random(1)
		with tempfile.TemporaryDirectory() as directory:
			if not mount(directory, 4):
				self.skipTest('only root can mount a small file system')
			run('umount', directory)
			for place in range(PLACES):
				pages, names = chance.randrange(1, 14), chance.randrange(2, 9)
				self.assertTrue(mount(directory, pages, names))
				try:
					what = f'place {place}: {pages} pages, {names} names'
					self.look(directory, *self.explore(directory), what)
				finally:
					run('umount', directory)
			self.assertTrue(mount(directory, 1000))
			try:
				status, text = self.explore(directory)
				self.look(directory, status, text, 'with space')
				self.assertEqual(status, 1)
				self.assertTrue(glob.glob(f'{directory}/found/*.prog'))
			finally:
				run('umount', directory)


if __name__ == '__main__':
	tap.main()
