# SPDX-License-Identifier: GPL-2.0-only
"""hunt's share of exploration: one run of explore, with its verdict read from its JSON."""
import re
import shlex

from lib import evidence, files, job
from lib.row import Row, times

PATIENCE = 60		# seconds beyond its time, for a run that does not end
LINES = 400		# of a report that is shown
WORTH_A_SECOND = 10	# a small part of what a sanitizer's variant can replay: the rest is searched near them
WORTH_MAX = 1000
NEAR = 'explore near'	# a row that searches near what another one found worth it


def stale(said):
	"""
	What explore's verdict says about schedules of another variant that are not the same in this one, as each
	has to be; '' if it says nothing.
	"""
	number = (said.get('near') or {}).get('stale')
	return f'{number} schedules of another variant are stale in this one' if number else ''


def worth_max(seconds, cores):
	"""How many schedules of a faster variant a search near them can use. @seconds, @cores: that it has."""
	return min(WORTH_MAX, max(1, round(seconds * cores * WORTH_A_SECOND)))


class Run:
	"""
	@directory: of the binary
	@engine: the row's
	@seconds, @first, @jobs: how long, the first seed of programs, how many processes
	@base: path of its log and JSON, without ".log" and ".json"
	@findings: directory where findings go
	@known: function from a finding of the JSON to the name of a known flaw, or None
	@worth: directory where it writes up to @worth_max schedules that are worth a look, or None
	@near: directory with such files that it searches near, instead of new programs, or None
	"""

	def __init__(self, directory, engine, seconds, first, jobs, base, findings, known,	# pylint: disable=too-many-arguments
		     worth=None, worth_max=0, near=None):
		self.row = Row(engine, NEAR if near else 'explore', f'{seconds} s')
		self.seconds = seconds
		self.log, self.json = base + '.log', base + '.json'
		self.known = known
		self.findings = findings
		self.command = [f'{directory}/explore', '--seconds', str(seconds), '--seed', f'{first}..',
				'--jobs', str(jobs), '--keep-going', '--out', findings,
				*(['--worth', worth, '--worth-max', str(worth_max)] if worth else []),
				*(['--near', near] if near else [])]
		self.directory = directory

	def run(self, progress):
		"""
		Runs it.

		@progress: function that shows a text

		Return: self; `row` has what came of it. Raises: Trouble if it cannot be started.
		"""
		say = f"{self.row.engine} {self.row.what} ({' '.join(self.command[3:7])})"
		progress(say)
		ended = job.finish(job.Job([*self.command, '--json', self.json], log=self.log),
				   self.seconds + PATIENCE, lambda: progress(say))
		self.row.began()
		self._conclude(ended, evidence.read(self.log), files.read_json(self.json))
		return self

	def _conclude(self, ended, text, said):
		row = self.row
		row.seconds = ended.seconds
		if job.interrupted():
			row.incomplete(job.interrupted())
		if said is None:
			row.incomplete(f'{ended.words()}, no verdict ({evidence.tail(text, 2)})')
			said = {}
		elif 'verdict' not in said:
			row.incomplete('it left no verdict')
		elif said['verdict'] == 'INCOMPLETE':
			row.incomplete(said.get('reason') or 'explore does not say why')
		elif ended.status not in (0, 1):
			row.incomplete(f"{ended.words()} ({said.get('reason') or evidence.tail(text, 2)})")
		done = said.get('done') or {}
		row.runs = done.get('programs', said.get('programs', 0)) or 0
		row.done = done.get('schedules', said.get('schedules', 0)) or 0
		row.seconds = said.get('seconds', row.seconds)
		row.reached = f"{said.get('behaviours', 0)} pairs"
		near = said.get('near')
		if near:
			row.reached = f"{near['replayed']}/{near['files']}"
			if stale(said):
				row.incomplete(stale(said))
		if said and not row.done:
			row.incomplete('0 schedules')
		took = done.get('seconds', self.seconds)
		if not row.reasons and took < self.seconds * 0.9:
			row.incomplete(f'ended after {took:.0f} of {self.seconds} s')
		self._findings(ended, text, said)

	def _findings(self, ended, text, said):
		"""What was found: told by the JSON, by the log, or by the exit status alone."""
		for finding in said.get('findings') or []:
			name = self.known(finding)
			if name:
				count = finding.get('count', 1)
				self.row.known[name] = self.row.known.get(name, 0) + count
				self.row.places.setdefault(name, ' '.join((finding.get('key') or '').split()))
			else:
				self.row.failures.append(self._words(finding) + (
					' (not compared with the known flaws, see above)'
					if finding.get('file') in getattr(self.known, 'undecided', ()) else ''))
		if self.row.failures or self.row.known:
			return
		found = re.findall(r'^(?:\r\033\[K)?FOUND  (.*)$', text, re.M)
		self.row.failures += found[:20]
		if not found and (ended.status == 1 and not evidence.trouble(text) or said.get('failures')):
			self.row.failures.append(evidence.tail(text, 1) or ended.words())

	def _words(self, finding):
		"""A finding in a few words, with the command that shows it again."""
		path = finding.get('file', '')
		words = [' '.join((finding.get('key') or finding.get('check') or '').split())]
		if 'count' in finding:
			words.append(times(finding['count']))
		if finding.get('new') is False:
			words.append('seen in an earlier run, too')
		text = ', '.join(word for word in words if word)
		again = shlex.join([f'{self.directory}/replay', path, '--diagram']) if path else self.log
		return f'{text}; again: {again}' if text else f'again: {again}'

	def text(self, told):
		"""What it said, without its progress and without what was shown before (evidence.Told)."""
		lines = [line for line in told.once(evidence.read(self.log), self.log).splitlines()
			 if not re.match(r'\s*\d+ s  ', line)]
		if len(lines) > LINES:
			lines[LINES:] = [f'... {len(lines) - LINES} more lines: {self.log}']
		return '\n'.join(lines)
