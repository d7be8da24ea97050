# SPDX-License-Identifier: GPL-2.0-only
"""
What is hunted: where its binaries are, how they are built, which geometries there are. hunt knows
nothing else of it.
"""


class Core:
	"""core/swap: a directory for each variant; geometries are options and headers of programs."""

	name = 'core'
	# variants of stress and explore
	engines = ('tsan', 'asan')
	# variant and target of each libFuzzer
	fuzzers = (('fuzz-tsan', 'fuzz_program'), ('fuzz-asan', 'fuzz_program'),
		   ('fuzz-asan', 'fuzz_model'), ('fuzz-asan', 'fuzz_parse'))
	# what README's next commands need
	tools = ('out/asan/shrink', 'out/dev/explore', 'out/dev/replay', 'out/dev/shrink', 'out/dev/stress')

	def directory(self, variant):
		"""Where the binaries of a variant are."""
		return f'out/{variant}'

	def ninja(self):
		"""What ninja builds before a hunt."""
		binaries = [f'{self.directory(engine)}/{program}' for engine in self.engines
			    for program in ('stress', 'explore', 'replay')]
		return binaries + list(self.tools) + ['fuzz-tsan', 'fuzz-asan']

	def stress(self, engine, run, nr):
		"""
		The geometry of a run of stress, which changes from run to run.

		@run: how often this workload ran before, with this engine
		@nr: the number of the run in this hunt

		Return: the directory of the binary, and its options.
		"""
		table = ('page', 'slab')[(run + nr) % 2]
		slots = 512 if run % 3 == 2 else 8
		return self.directory(engine), ['--table', table, '--slots', str(slots)]

	def explore(self, engine):
		"""The directories of explore's binaries, which share the time of @engine."""
		return [self.directory(engine)]

	def known(self, finding):
		"""
		The name of the known flaw that a finding (an object of explore's JSON) shows, or None:
		it is counted and named, and is no failure of this hunt.
		"""
		return None
