# SPDX-License-Identifier: GPL-2.0-only
"""
How a night divides its time: a bandit with an arm for each engine, variant and strategy. An arm is
worth what its last slices brought: a new cause 1, new ground (pairs of events, inputs, rare paths
that it had not reached on this machine) a part of 0.3. Old rewards fade, since ground that is covered
brings nothing, and a changed tree is new ground. This is discounted UCB (Garivier and Moulines,
"On Upper-Confidence Bound Policies for Switching Bandit Problems", 2011).
"""
import math

FADE = 0.98		# of all arms, a slice
CURIOSITY = 0.2		# weight of what is not known


class Bandit:
	"""
	@arms: names of the arms, in the order in which they are tried first
	@state: what state() said before, or None; arms that are not there any more are forgotten
	"""

	def __init__(self, arms, state=None):
		state = state if isinstance(state, dict) else {}
		self.arms = {name: self._sane(state.get(name)) for name in arms}
		self.tried = set()	# by this night

	@staticmethod
	def _sane(pair):
		if isinstance(pair, list) and len(pair) == 2 and all(
				isinstance(x, (int, float)) and math.isfinite(x) and x >= 0 for x in pair):
			return [min(pair[0], 1e6), min(pair[1], pair[0])]
		return [0.0, 0.0]	# slices, rewards

	def value(self, name):
		"""What an arm is worth: its rewards, and what is not known of it."""
		slices, rewards = self.arms[name]
		total = sum(arm[0] for arm in self.arms.values())
		if slices < 1e-9:
			return math.inf
		return rewards / slices + CURIOSITY * math.sqrt(math.log(max(total, 1) + 1) / slices)

	def choose(self, able=None):
		"""
		The next arm: each once a night, those worth most first, then the best one.

		@able: the arms that can run; None: all
		"""
		able = [name for name in self.arms if able is None or name in able]
		fresh = [name for name in able if name not in self.tried]
		return max(fresh or able, key=self.value, default=None)

	def reward(self, name, reward):
		"""A slice of an arm has ended: from 0, nothing new, to 1, a new cause."""
		for arm in self.arms.values():
			arm[0] *= FADE
			arm[1] *= FADE
		self.tried.add(name)
		self.arms[name][0] += 1
		self.arms[name][1] += min(1, max(0, reward))

	def state(self):
		"""To be kept, for JSON."""
		return {name: [round(slices, 6), round(rewards, 6)] for name, (slices, rewards) in self.arms.items()}
