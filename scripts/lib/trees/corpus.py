# SPDX-License-Identifier: GPL-2.0-only
"""
Programs of the corpus on a kernel tree: what replay says of one, in words that do not move with
lines, and corpus/linux/verdicts, which has what each is known to do.
"""
import glob
import re

from lib.start import Trouble
from lib.trees import change

VERDICTS = f'{change.CORPUS}/verdicts'


def word(text):
	"""
	What replay says of a program.

	Return: "same": it does what it expects; "needs WHAT": another build; "stale"; "passes"; or
	"differs: CHECK FILE"; else "says ..." with the begin of what it says.
	"""
	if re.search(r'^ok ', text, re.M):
		return 'same'
	needs = re.search(r'this program needs (\S+),', text)
	if needs:
		return f'needs {needs[1]}'
	if re.search(r'^STALE', text, re.M):
		return 'stale'
	if re.search(r'^PASSES', text, re.M):
		return 'passes'
	fails = re.search(r'^(?:FAILS|DIFFERS)\s+\S+?:?\s+(\S+) ([^\s:]+)', text, re.M)
	if fails:
		return f'differs: {fails[1]} {fails[2]}'
	return 'says ' + ' '.join(text.split())[:60]


def programs():
	"""The programs of both cores: those that need no mutant of core/swap but an upstream-* one, which trees have."""
	found = []
	for path in sorted(glob.glob('corpus/litmus/*.prog') + glob.glob('corpus/regress/*.prog')):
		with open(path, encoding='utf-8') as file:
			mutant = re.search(r'^expect\s.*\bwith mutant (\S+)', file.read(), re.M)
		if not mutant or mutant[1].startswith('upstream-'):
			found.append(path)
	return found


def table(path=VERDICTS):
	"""
	The verdicts as committed: {program: (verdict, why)}.

	Raises: Trouble with the line that is wrong.
	"""
	found = {}
	with open(path, encoding='utf-8') as file:
		for number, line in enumerate(file, 1):
			text, _, why = line.partition('#')
			words = text.split(maxsplit=1)
			if words and len(words) != 2:
				raise Trouble(f'{path}:{number}: expected PROGRAM VERDICT')
			if words:
				found[words[0]] = (words[1].strip(), why.strip())
	return found


def flaw(program, verdict, verdicts):
	"""The known flaw that explains a verdict, as the table has it; None if it is another one."""
	known, why = verdicts.get(program, ('', ''))
	match = re.match(r'flaw ([\w-]+)', why)
	return match[1] if match and known == verdict else None
