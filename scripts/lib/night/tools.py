# SPDX-License-Identifier: GPL-2.0-only
"""
The programs that triage works with, each bounded: replay, shrink and explore of one directory of nights.
What takes long ends with the night; who asked sees that it did not get to its end.
"""
import glob
import os
import re
import shutil

from lib import evidence, files, job
from lib.night import cause

REPLAY = 300		# seconds of all replays together
SHRINK = 120		# seconds
NEAR = 2000		# schedules of a search near a program
SEARCH = 30		# seconds of a search
LEAST = 1		# seconds for which no search is begun


class Tools:
	"""
	@home: the nights' directory
	@cores: for shrinking and searching
	@live: function that shows a text
	@left: function: seconds that are left of the night
	"""

	def __init__(self, home, cores, live, left):
		self.directory = f'{home}/finding'
		self.cores = str(min(cores, 64))
		self.live = live
		self.left = left
		os.makedirs(self.directory, exist_ok=True)

	def bound(self, seconds):
		"""So many seconds, or what is left of the night if that is less; 0: it is over."""
		left = self.left()
		return min(seconds, left) if left >= LEAST else 0

	def run(self, argv, seconds, what):
		"""Runs a tool. Return: its Job, and what it said. Raises: Trouble, Interrupted."""
		log = f'{self.directory}/.log'
		files.write(log, '')
		ended = job.run(argv, log=log, seconds=seconds, tick=lambda: self.live(what))
		return ended, evidence.read(log)

	def again(self, tool, program, *options):
		"""
		Replays a program. Return: "fails" as it expects, "passes", or "differs": stale, another
		failure, or not seen in this variant; and what was said.
		"""
		_, text = self.run([f'{tool}/replay', *options, program], REPLAY, f'replays {program}')
		if re.search(r'^ok +\S.* as expected', text, re.M):
			return 'fails', text
		return ('passes' if re.search(r'^PASSES ', text, re.M) else 'differs'), text

	def replays(self, tool, program, times):
		"""How many of the replays fail as expected: "100 of 100"."""
		ended, text = self.run([f'{tool}/replay', '--times', str(times), program], REPLAY, f'replays {program}')
		good = re.search(r'^ok +\S.* as expected', text, re.M) and ended.status == 0
		return f'{times} of {times}' if good else f'{times} times: {ended.words()}' if ended.timed_out else \
			f'not always: {evidence.tail(text, 1)[:100]}'

	def near(self, tool, program, key, mutants):
		"""
		Does a schedule near that of a program fail with this check and place? None: the night was over
		before the search was.
		"""
		seconds = self.bound(SEARCH)
		if not seconds:
			return None
		out = f'{self.directory}/.near'
		shutil.rmtree(out, ignore_errors=True)
		more = ['--mutant', mutants] if mutants else []
		self.run([f'{tool}/explore', '--near', '--keep-going', '--quiet', '--schedules', str(NEAR), '--seconds',
			  str(max(1, round(seconds))), '--out', out, '--json', f'{out}.json', *more, program], seconds + 60,
			 f'searches near {program}')
		said = files.read_json(f'{out}.json') or {}
		places = [cause.place(finding.get('key') or '') for finding in said.get('findings') or []]
		found = any(place and f'{key} '.startswith(f'{place} ') for place in places)	# of a livelock without the function
		return found or (None if seconds < SEARCH and (said.get('schedules') or 0) < NEAR else False)

	def shrink(self, tool, program, out):
		"""
		Makes a program as small as it gets.

		Return: the path of what is left, @out or @program, and whether it came to its end.
		"""
		seconds = self.bound(SHRINK)
		if not seconds:
			return program, False
		if os.path.exists(out):
			os.unlink(out)
		ended, text = self.run([f'{tool}/shrink', '--quiet', '--jobs', self.cores, '--max-seconds', str(max(1, round(seconds))),
					program, '-o', out], seconds + 60, f'shrinks {program}')
		# what takes longer than SHRINK is as small as it gets here
		whole = not (ended.timed_out or 'out of time' in text) or seconds >= SHRINK
		if os.path.exists(out) and self.again(tool, out)[0] == 'fails':
			return out, whole
		return program, whole

	def draw(self, tool, program, name):
		"""Writes the report and the picture of an entry. Return: the report."""
		_, text = self.run([f'{tool}/replay', '--report', program], REPLAY, f'reports {name}')
		begin = text.find('FAIL  ')
		sanitizer = re.search(r'^(=+\n)?(==\d+==ERROR|WARNING: ThreadSanitizer)', text, re.M)
		if sanitizer and begin >= 0:
			begin = min(begin, sanitizer.start())
		report = text[max(0, begin):]
		files.write(f'{self.directory}/{name}.txt', report)
		self.run([f'{tool}/replay', '--svg', f'{self.directory}/.svg.svg', program], REPLAY, f'draws {name}')
		if os.path.exists(f'{self.directory}/.svg.svg'):
			os.replace(f'{self.directory}/.svg.svg', f'{self.directory}/{name}.svg')
		return report

	def search(self, tool, raw, programs):
		"""A program with a schedule that fails as @raw, near @programs; None: none was found."""
		seconds = self.bound(SEARCH)
		if not seconds:
			return None
		out = f'{self.directory}/.search'
		shutil.rmtree(out, ignore_errors=True)
		more = ['--mutant', raw.arm.mutants] if raw.arm.mutants else []
		self.run([f'{tool}/explore', '--near', '--keep-going', '--quiet', '--per-program', '20', '--jobs', self.cores,
			  '--seconds', str(max(1, round(seconds))), '--out', out, *more, *programs], seconds + 60,
			 f'searches a schedule for {raw.key}')
		for path in sorted(glob.glob(f'{out}/*.prog')):
			first = re.match(r'# (.*)\n', evidence.read(path))
			if first and cause.place(first.group(1)) == cause.place(raw.key):
				return path
		return None
