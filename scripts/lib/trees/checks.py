# SPDX-License-Identifier: GPL-2.0-only
"""Checks that a tree is taken without: what its patches change by intention, a check calls a failure."""
import re

from lib import files, options
from lib.start import Trouble
from lib.trees import graph

TABLE = 'core/check/checks.def'


def known(ids):
	"""Raises: Trouble if there is no such check, or it cannot be left out."""
	with open(TABLE, encoding='utf-8') as file:
		table = re.findall(r'^CHECK\("([^"]+)"', file.read(), re.M)
	model = [each for each in table if re.match('(INV|PROG)-', each)]
	for each in ids:
		if each in model:
			continue
		if each in table:
			raise Trouble(f'--without {each}: only checks of the data model can be left out, INV-* and PROG-*')
		raise Trouble(f"--without: {TABLE} has no '{each}'" + options.near(each, model))


def flags(ids):
	"""What the compiler is told."""
	return [rf'-DCHECKS_WITHOUT=\"{",".join(ids)}\"'] if ids else []


def words(manifest):
	"""What the user is told of a tree that was taken without checks."""
	return f"without {' '.join(manifest['without'])}: what these would find is not found in {manifest['name']}"


def parameter(name):
	"""The tree @name in a verdict: "tree=mine without=INV-G6"."""
	manifest = files.read_json(f'{graph.DIRECTORY}/{name}/MANIFEST.json') or {}
	without = f" without={','.join(manifest['without'])}" if manifest.get('without') else ''
	return f'tree={name}{without}'
