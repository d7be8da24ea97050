# SPDX-License-Identifier: GPL-2.0-only
"""
What is hunted: where its binaries are, how they are built, which geometries there are. hunt knows
nothing else of it.
"""


from lib import build
from lib.trees import graph, known, take

LONG = 3600	# seconds: a run of that length has the time to build the variant fast, for what dev explores


class Exploration:
	"""
	One binary of explore.

	@label: of its row
	@directory: where it is
	@known: function from a finding (an object of explore's JSON) to the name of the known flaw that
	it shows, or None: a known flaw is counted and named, and is no failure of this hunt
	@parts: of the time of all explorations
	@scout: label of an earlier one in a faster variant: half of the time goes to the schedules near those
	that it found worth it
	"""

	def __init__(self, label, directory, known_flaw=lambda finding: None, parts=2, scout=None):	# pylint: disable=too-many-arguments
		self.label = label
		self.directory = directory
		self.known = known_flaw
		self.parts = parts
		self.scout = scout


class Core:
	"""
	core/swap: a directory for each variant; geometries are options and headers of programs.

	@seconds: that the run lasts
	"""

	name = 'core'
	of = ''		# which form of it stress and the fuzzers run
	# variants of stress and explore
	engines = ('tsan', 'asan')
	# variant and target of each libFuzzer
	fuzzers = (('fuzz-asan', 'fuzz_program'), ('fuzz-tsan', 'fuzz_program'),
		   ('fuzz-asan', 'fuzz_model'), ('fuzz-asan', 'fuzz_parse'))
	# what README's next commands need
	tools = ('out/asan/shrink', 'out/dev/explore', 'out/dev/replay', 'out/dev/shrink', 'out/dev/stress')

	def __init__(self, seconds=0):
		self.dev = 'fast' if seconds >= LONG else 'dev'

	def directory(self, variant):
		"""Where the binaries of a variant are."""
		return f'out/{variant}'

	def ninja(self):
		"""What ninja builds before a hunt."""
		binaries = [f'{self.directory(engine)}/{program}' for engine in self.engines
			    for program in ('stress', 'explore', 'replay')]
		binaries += [f'{one.directory}/{program}' for one in self.explorations() for program in ('explore', 'replay')]
		return list(dict.fromkeys([*binaries, *self.tools, 'fuzz-tsan', 'fuzz-asan']))

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

	def explorations(self):
		"""What is explored: Explorations. dev, which is fast, looks ahead for the sanitizers."""
		return [Exploration('dev', self.directory(self.dev), parts=1)] + [
			Exploration(engine, self.directory(engine), parts=4, scout='dev') for engine in self.engines]

	def build(self, progress):
		"""Builds what a hunt needs. Raises: Trouble."""
		build.build(self.ninja(), progress)


class Tree:
	"""
	A kernel tree as it is, and with the fixes of the known flaws, so that these do not hide new
	ones: a quarter of the exploration is the unmodified tree's, and all the rest of the hunt the
	fixed one's. A geometry is a build; all of them are hunted.

	@text: what --tree has: a name in out/tree, or what scripts/tree takes
	@progress: Progress
	@seconds: that the run lasts
	"""

	of = 'fixed'
	engines = ('tsan', 'asan')
	fuzzers = (('fuzz-asan', 'fuzz_program'),)
	builds = {'tsan': 'tsan-8-page', 'asan': 'asan-8-slab', 'fuzz-asan': 'fuzz-asan-8-slab'}

	def __init__(self, text, progress, seconds=0):
		self.dev = 'fast' if seconds >= LONG else 'dev'
		taken = take.resolve(text, progress)
		wanted = {**taken['wanted'], 'name': f"{taken['name']}-fixes", 'fixes': True}
		fixed, _, _ = take.take(take.Wanted(**wanted), progress)
		self.name = taken['name']
		self.fixed = fixed['name']
		self.known = known.Known(self.name, graph.programs(self.name, 'dev', '8-slab'), progress)
		for flaw, changed in fixed['fixes'].items():
			if not changed:
				progress.say(f'the known flaw {flaw} is gone from this tree: its fix matches nothing')

	def directory(self, variant):
		"""Where the binaries of a variant are."""
		return f'{graph.DIRECTORY}/{self.fixed}/{self.builds[variant]}'

	def stress(self, engine, run, nr):
		"""As Core's: a build has one geometry."""
		table, slots = {'8-page': ('page', 8), '8-slab': ('slab', 8)}[self.builds[engine].split('-', 1)[1]]
		return self.directory(engine), ['--table', table, '--slots', str(slots)]

	def explorations(self):
		"""As Core's."""
		return [Exploration('as it is', graph.programs(self.name, self.dev, '8-slab'), self.known, 9),
			Exploration('fixed page', graph.programs(self.fixed, self.dev, '8-page'), parts=1),
			Exploration('fixed tsan', self.directory('tsan'), parts=8, scout='fixed page'),
			Exploration('fixed slab', graph.programs(self.fixed, self.dev, '8-slab'), parts=1),
			Exploration('fixed asan', self.directory('asan'), parts=8, scout='fixed slab'),
			Exploration('fixed 512', graph.programs(self.fixed, self.dev, '512'), parts=9)]

	def build(self, progress):
		"""As Core's."""
		# what does not compile of a patch is told first
		build.build([f"{graph.programs(name, 'dev', '8-slab')}/libtree-sim.a" for name in (self.name, self.fixed)],
			    progress, file=graph.TOP)
		targets = [f'{exploration.directory}/{program}' for exploration in self.explorations()
			   for program in ('explore', 'replay', 'shrink')]
		targets += [f'{self.directory(engine)}/stress' for engine in self.engines]
		targets += [f'{self.directory(variant)}/{name}' for variant, name in self.fuzzers]
		build.build(targets, progress, file=graph.TOP)
