# SPDX-License-Identifier: GPL-2.0-only
"""A mutant is hunted, blind: explore with its defaults, for some seconds of CPU time."""
import os
import shutil
import signal
import time

from lib import evidence, files, job

SLOW = 40	# at most this many seconds on the clock for each of CPU time, on a loaded machine
TICK = os.sysconf('SC_CLK_TCK')


def cpu_seconds(group):
	"""The CPU time of the processes of a group, and of their children that have ended."""
	total = 0
	for entry in os.listdir('/proc'):
		if not entry.isdigit():
			continue
		try:
			with open(f'/proc/{entry}/stat', encoding='utf-8') as file:
				fields = file.read().rpartition(')')[2].split()
		except OSError:
			continue
		if int(fields[2]) == group:
			total += sum(map(int, fields[11:15]))
	return total / TICK


class Hunted:
	"""
	What came of it.

	@check: which check killed it, '' if none did
	@trouble: why it was not hunted to the end, or ''
	@schedules, @seconds: done, CPU seconds
	"""

	def __init__(self, check, trouble, schedules, seconds):
		self.check, self.trouble, self.schedules, self.seconds = check, trouble, schedules, seconds


def _wait(running, seconds):
	"""Waits until a job ends or has used its time. Return: the CPU seconds used, whether time was over."""
	used, until = 0.0, time.monotonic() + seconds * SLOW
	while not running.poll():
		job.wait(0.25)
		used = max(used, cpu_seconds(running.pid))
		if used >= seconds or time.monotonic() > until or job.interrupted():
			return used, True
	return used, False


def hunt(program, seconds, directory):
	"""
	Runs explore until it finds something or @seconds of CPU time have passed.

	@program: explore, with the mutant in it
	@directory: for its files; removed in the end

	Return: Hunted. Raises: Trouble if it cannot be started; Interrupted.
	"""
	os.makedirs(directory, exist_ok=True)
	log, said = f'{directory}/log', f'{directory}/json'
	try:
		running = job.Job([program, '--seed', '1..', '--hang-after', str(max(3, int(seconds / 3))), '--quiet',
				   '--out', f'{directory}/findings', '--json', said], log=log)
		try:
			used, over = _wait(running, seconds)
			if over:		# it ends with its verdict
				os.kill(running.pid, signal.SIGINT)
				until = time.monotonic() + 30
				while not running.poll() and time.monotonic() < until and not job.interrupted():
					job.wait(0.25)
		finally:
			job.end([running])
		job.check()
		report = files.read_json(said) or {}
		done = (report.get('done') or {}).get('schedules', 0) or 0
		found = report.get('findings') or []
		if found:
			return Hunted(found[0]['check'], '', done, used)
		if running.status == 1:
			return Hunted('?', '', done, used)
		if not over or not done:
			return Hunted('', f'{running.words()}: {evidence.tail(evidence.read(log), 1)}', done, used)
		return Hunted('', '', done, used)
	finally:
		shutil.rmtree(directory, ignore_errors=True)
