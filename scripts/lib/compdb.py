# SPDX-License-Identifier: GPL-2.0-only
"""scripts/compdb: how each source is compiled, one entry a file."""
import json
import os
import re
import shlex

from lib import build, files, graph, options

TEXT = """\
Writes compile_commands.json, which editors and clang tools read: one entry for each source, as it is
compiled in dev and, if it is compiled for both machines, for the controlled one. A source that dev does
not build has the command of the first variant that builds it."""


def _rank(command):
	"""What is preferred has the smaller rank."""
	place = re.match(r'out/([^/]+)/', command['output'])
	variant = place[1] if place else ''
	known = graph.VARIANTS.index(variant) if variant in graph.VARIANTS else len(graph.VARIANTS)
	return known, '-Icore/sim/include' not in command['command'].split(), command['output']


def _arguments(command):
	"""The compiler and its flags, without what is for ninja, ccache or the linker."""
	words = shlex.split(command['command'])
	while os.path.basename(words[0]) == 'ccache':
		words.pop(0)
	kept, skip = [], False
	for word in words:
		if skip:
			skip = False
		elif word in ('-o', '-MF', '-MT'):
			skip = True
		elif not re.match(r'-MMD$|-c$|-l|-Wl,|-rdynamic$', word) and word != command['file'] \
				and not re.search(r'^[^-].*\.[oa]$', word):
			kept.append(word)
	return [*kept, '-c', command['file']]


def entries():
	"""
	Return: a list of entries, sorted by file. Raises: Trouble if ninja cannot read the graph;
	Interrupted.
	"""
	chosen = {}
	for command in sorted(graph.commands(), key=_rank):
		if command['file'].endswith('.c'):
			chosen.setdefault(command['file'], command)
	return [{'directory': command['directory'], 'file': file, 'arguments': _arguments(command)}
		for file, command in sorted(chosen.items())]


def main(argv):
	"""Return: the exit status."""
	parser = options.Parser('compdb', TEXT)
	parser.add_argument('-o', metavar='FILE', dest='file', type=options.word,
			    default='compile_commands.json', help='write to FILE')
	args = parser.parse_args(argv)
	build.setup()
	found = entries()
	files.write(args.file, json.dumps(found, indent=1) + '\n')
	print(f'compdb: {len(found)} files in {args.file}')
	return 0
