# SPDX-License-Identifier: GPL-2.0-only
"""Processes that a test started and that are still there, wherever they are in the tree of processes."""
import os
import time

MARK = 'SWAPHAMMER_KILL_TEST'	# in the environment, which children inherit


def alive(mark):
	"""The processes that were started with MARK=@mark, but for zombies."""
	found = []
	for pid in filter(str.isdigit, os.listdir('/proc')):
		try:
			with open(f'/proc/{pid}/environ', 'rb') as file:
				mine = f'{MARK}={mark}\0'.encode() in file.read()
			with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
				mine &= file.read().rpartition(')')[2].split()[0] not in 'ZX'
		except OSError:
			continue
		if mine:
			found.append(pid)
	return found


def after(mark, seconds):
	"""
	Waits until all have ended: a killed one may need a moment to be gone.

	Return: the commands of those that are left after that time.
	"""
	until = time.monotonic() + seconds
	while (left := alive(mark)) and time.monotonic() < until:
		time.sleep(0.01)
	commands = []
	for pid in left:
		try:
			with open(f'/proc/{pid}/cmdline', 'rb') as file:
				commands.append(file.read().replace(b'\0', b' ')[:200].decode(errors='replace'))
		except OSError:
			continue
	return commands


def _runs(pid):
	"""Whether a process is there, and no zombie."""
	try:
		with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
			return file.read().rpartition(')')[2].split()[0] not in 'ZX'
	except OSError:
		return False


def of(pids, seconds):
	"""
	Waits until all of @pids have ended: a killed one may need a moment to be gone.

	Return: those that are left after that time.
	"""
	until = time.monotonic() + seconds
	while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < until:
		time.sleep(0.01)
	return left
