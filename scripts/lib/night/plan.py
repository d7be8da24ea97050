# SPDX-License-Identifier: GPL-2.0-only
"""Which arms there are for core/swap and for a kernel tree, and what has to be built for them."""
import glob

from lib import build
from lib.night import arms
from lib.night.corpus import Replay, TreeReplay
from lib.target import Core, Tree
from lib.trees import graph

STRATEGIES = ('random', 'pct', 'pos', 'surw', 'rf', 'windows')		# beside the portfolio of all of them
LARGE = '-512'		# of a build with clusters of 512 slots
PROGRAMS = ('corpus/litmus/*.prog', 'corpus/regress/*.prog')


def mixed(found):
	"""Arms in the order in which a night tries them: one of each kind, then the next of each."""
	turn, order = {}, []
	for arm in found:
		turn[arm.kind] = turn.get(arm.kind, 0) + 1
		order.append((turn[arm.kind], arm))
	return [arm for _, arm in sorted(order, key=lambda pair: pair[0])]


class CorePlan:
	"""
	core/swap in every variant.

	@mutants: known bugs that are on, as "a+b"
	@home: the nights' directory
	@seconds: that the night lasts
	"""

	code = 'core'
	variants = ('dev', 'asan', 'tsan')

	def __init__(self, mutants, home, seconds=0):
		self.mutants = mutants
		self.home = home
		self.target = Core(seconds)
		self.dev = self.target.directory(self.target.dev)

	def build(self, progress):
		"""Builds what its arms need. Raises: Trouble."""
		names = [f'out/{variant}/{program}' for variant in self.variants
			 for program in ('explore', 'replay', 'shrink')]
		names += [f'{self.dev}/{program}' for program in ('explore', 'replay') if self.dev != 'out/dev']
		names += [f'out/{variant}/stress' for variant in self.target.engines]
		names += [f'out/{variant}/{name}' for variant, name in self.target.fuzzers]
		build.build(names, progress)

	def replays(self):
		"""The corpus in each variant: lib.night.corpus.Replays."""
		return [Replay(f'core corpus {variant}', self._corpus(), **self._common(variant)) for variant in self.variants]

	@staticmethod
	def _corpus():
		"""The programs that have to do what they expect."""
		return sorted(path for pattern in PROGRAMS for path in glob.glob(pattern))

	def _common(self, variant, directory=None):
		tools = list(dict.fromkeys(['out/dev', f"out/{variant.replace('fuzz-', '')}"]))
		return {'code': 'core', 'variant': variant, 'directory': directory or f'out/{variant}', 'tools': tools,
			'mutants': self.mutants}

	def arms(self):
		"""All Arms."""
		places = {'dev': self.dev}
		found = [arms.Explore(f'core explore {variant} portfolio', **self._common(variant, places.get(variant)))
			 for variant in self.variants]
		found += [arms.Explore(f'core explore dev {strategy}', ['--strategy', strategy], **self._common('dev', self.dev))
			  for strategy in STRATEGIES]
		found.append(arms.Explore('core explore asan near-corpus', programs=self._corpus(), **self._common('asan')))
		found += [arms.Scouted(f'core explore {variant} scouted', self.dev, **self._common(variant))
			  for variant in ('tsan', 'asan')]
		for variant, name in self.target.fuzzers:
			found.append(arms.Fuzz(f'core {name} {variant}', name, f'{self.home}/corpus/{name}',
					       **self._common(variant)))
		for engine in self.target.engines:
			found.append(arms.Stress(f'core stress {engine}', lambda nr, engine=engine: self.target.stress(engine, nr, nr),
						 **self._common(engine)))
		return mixed(found)


class TreePlan:
	"""
	A kernel tree as it is, and with the fixes of its known flaws.

	@text: as scripts/hunt --tree has it
	@home, @seconds: as CorePlan has them
	"""

	def __init__(self, text, home, progress, seconds=0):
		self.home = home
		self.target = Tree(text, progress, seconds)
		self.code = self.target.name

	def build(self, progress):
		"""As CorePlan's."""
		self.target.build(progress)

	def replays(self):
		"""As CorePlan's: the tree as it is, and with the fixes of its known flaws."""
		found = []
		explorations = self.target.explorations()
		scouts = {one.scout for one in explorations}	# do what the sanitizers do, too
		for one in explorations:
			if one.directory.endswith(LARGE) or one.label in scouts:	# the programs are for clusters of 8 slots
				continue
			name = one.directory.split('/')[-2]
			found.append(TreeReplay(f'{self.code} corpus {one.label}', self.manifest(name)['fixes'], one.known, code=self.code,
						variant=one.label, directory=one.directory, tools=[one.directory]))
		return found

	def manifest(self, name=None):
		"""Of the tree, or of one that was taken from it."""
		return graph.trees()[name or self.code]

	def arms(self):
		"""As CorePlan's."""
		found = []
		explorations = self.target.explorations()
		for one in explorations:
			found.append(arms.Explore(f'{self.code} explore {one.label}', code=self.code, variant=one.label,
						  directory=one.directory, tools=[one.directory], known=one.known))
		places = {one.label: one.directory for one in explorations}
		found += [arms.Scouted(f'{self.code} explore {one.label} scouted', places[one.scout], code=self.code,
				       variant=one.label, directory=one.directory, tools=[places[one.scout], one.directory],
				       known=one.known) for one in explorations if one.scout]
		for engine in self.target.engines:
			directory = self.target.directory(engine)
			found.append(arms.Stress(f'{self.code} stress {engine}',
						 lambda nr, engine=engine: self.target.stress(engine, nr, nr),
						 code=self.code, variant=engine, directory=directory, tools=[directory]))
		for variant, name in self.target.fuzzers:
			engine = variant.replace('fuzz-', '')
			found.append(arms.Fuzz(f'{self.code} {name} {variant}', name,
					       f'{self.home}/corpus/{name}-{self.code}-{self.target.builds[variant]}',
					       code=self.code, variant=variant, directory=self.target.directory(variant),
					       tools=[self.target.directory(engine)]))
		return mixed(found)
