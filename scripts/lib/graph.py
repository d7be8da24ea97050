# SPDX-License-Identifier: GPL-2.0-only
"""What ninja knows about the build: its commands, and the tests among them."""
import json
import os
import re

from lib import job
from lib.start import Trouble

VARIANTS = ('dev', 'asan', 'tsan', 'fuzz-asan', 'fuzz-tsan', 'cov', 'bench', 'bench-nochecks', 'fast')
TESTED = ('dev', 'asan', 'tsan')	# each *_test.c belongs in each of these


def commands():
	"""
	Every command of the graph, of whatever rule.

	Return: a list of objects as in compile_commands.json: directory, command, file (the first
	input), output. Raises: Trouble if ninja cannot read the graph; Interrupted.
	"""
	try:
		return json.loads(job.output(['ninja', '-t', 'compdb']))
	except ValueError as error:
		raise Trouble(f'ninja -t compdb: {error}') from error


def test_programs():
	"""
	What is built from a *_test.c below out/VARIANT/.

	Return: a dictionary from (variant, source) to program. Raises: as commands().
	"""
	found = {}
	for command in commands():
		place = re.match(r'out/([^/]+)/', command['output'])
		if place and command['file'].endswith('_test.c'):
			found[place[1], command['file']] = command['output']
	return found


def test_sources():
	"""Every *_test.c of the checkout, built or not; sorted."""
	found = []
	for where, directories, names in os.walk('.'):
		if where == '.':
			directories[:] = [name for name in directories if name not in ('out', '.git')]
		found += [os.path.relpath(os.path.join(where, name)) for name in names
			  if name.endswith('_test.c')]
	return sorted(found)
