# SPDX-License-Identifier: GPL-2.0-only
"""Survivors that were looked at: corpus/mutation/survivors."""
from lib.start import Trouble

PATH = 'corpus/mutation/survivors'
CLASSES = ('equivalent', 'unreachable', 'never-generated', 'no-oracle')
OUT_OF_SCORE = ('equivalent', 'unreachable')


def read(path=PATH):
	"""
	The list: {(rule, file, function, statement): (class, why)}.

	Raises: Trouble with the line that is wrong; OSError.
	"""
	found = {}
	with open(path, encoding='utf-8') as file:
		for number, line in enumerate(file, 1):
			if not line.strip() or line.startswith('#'):
				continue
			words = line.rstrip('\n').split('\t')
			if len(words) != 6 or words[0] not in CLASSES or not words[5].strip():
				raise Trouble(f"{path}:{number}: expected, with tabs between: CLASS RULE FILE FUNCTION "
					      f"STATEMENT WHY; classes: {', '.join(CLASSES)}")
			found[tuple(words[1:5])] = (words[0], words[5])
	return found


def of(mutant):
	"""What a mutant has in the list in place of its name, whose line moves; the second of its words is "RULE.2"."""
	return mutant.rule if mutant.nth == 1 else f'{mutant.rule}.{mutant.nth}', mutant.path, mutant.function, mutant.words
