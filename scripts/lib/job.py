# SPDX-License-Identifier: GPL-2.0-only
"""
Programs that a script starts. Each is in a process group of its own and dies with the script,
however that ends: the kernel kills the program, and a guardian, which only waits for the end of
a pipe, kills the rest of its group.

SIGINT, SIGTERM and SIGHUP are noted, not acted upon: run() and check() raise Interrupted, finish()
and wait() come back, so a script is never torn out of the middle of something. A script that is stuck all the same, as on a
pipe that is not read, is ended after HARD_STOP seconds.
"""
import contextlib
import ctypes
import os
import select
import signal
import subprocess
import tempfile
import time

from lib.start import INCOMPLETE, Interrupted, Trouble  # noqa: F401

GRACE = 1.2		# seconds from SIGTERM to SIGKILL
HARD_STOP = 4
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)
_running = []		# Jobs, oldest first
_signal = None		# the name of the first one that came
_wake = None		# read end of a pipe: a byte for each signal
_grace = None		# see last_words()
_guardian = None	# write end of the guardian's pipe


def _noted(number, _frame):
	global _signal
	if number == signal.SIGCHLD:
		return
	if number == signal.SIGALRM:
		for job in _running:
			job.signal(signal.SIGKILL)
		os._exit(INCOMPLETE)
	if number == signal.SIGTSTP:	# Ctrl-Z: the terminal knows our own group only
		for job in _running:
			job.signal(signal.SIGSTOP)
		os.kill(os.getpid(), signal.SIGSTOP)
		for job in _running:
			job.signal(signal.SIGCONT)
		return
	if not _signal:
		_signal = signal.Signals(number).name
		signal.alarm(_grace or HARD_STOP)


def take_signals():
	"""Takes over the signals that end a script, once. What is ignored (nohup) stays so."""
	global _wake
	if _wake is not None:
		return
	_wake, write = os.pipe()
	os.set_blocking(_wake, False)
	os.set_blocking(write, False)
	signal.set_wakeup_fd(write, warn_on_full_buffer=False)
	for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTSTP):
		if signal.getsignal(number) != signal.SIG_IGN:
			signal.signal(number, _noted)
	for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
		signal.signal(number, _noted)


def interrupted():
	"""The name of the signal that asked the script to end, or None."""
	return _signal


def last_words(seconds):
	"""The script has something to write before it ends: asked to end, by now or later, it has @seconds, not HARD_STOP."""
	global _grace
	_grace = seconds
	if _signal:
		signal.alarm(seconds)


def check():
	"""Raises Interrupted if the script was asked to end."""
	if _signal:
		raise Interrupted(_signal)


def _guard(read):
	"""The guardian: knows the groups, and kills them when its pipe ends with the script."""
	os.setsid()
	for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
		signal.signal(number, signal.SIG_IGN)
	null = os.open(os.devnull, os.O_RDWR)
	for fd in (0, 1, 2):
		os.dup2(null, fd)
	os.closerange(3, read)
	os.closerange(read + 1, 4096)
	groups = set()
	with os.fdopen(read, 'r') as pipe:
		for line in pipe:
			(groups.add if line[0] == '+' else groups.discard)(int(line[1:]))
	for group in groups:
		with contextlib.suppress(OSError):
			os.killpg(group, signal.SIGKILL)


def _start_guardian():
	global _guardian
	read, _guardian = os.pipe()
	if os.fork() == 0:
		try:
			signal.set_wakeup_fd(-1)
			os.close(_guardian)
			_guard(read)
		finally:
			os._exit(0)
	os.close(read)


def _tell_guardian(sign, group):
	with contextlib.suppress(OSError):	# killed from outside: the kernel's half is left
		os.write(_guardian, f'{sign}{group}\n'.encode())


def _cpu(pid):
	"""Seconds of CPU of a process, and of its children that it has waited for."""
	with contextlib.suppress(OSError, ValueError, IndexError):
		with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
			return sum(map(int, file.read().rpartition(')')[2].split()[11:15])) / os.sysconf('SC_CLK_TCK')
	return 0.0


def cpu_of(groups):
	"""Seconds of CPU so far of what runs in each of some process groups: {group: seconds}."""
	used = dict.fromkeys(groups, 0.0)
	for name in os.listdir('/proc'):
		if name.isdigit():
			with contextlib.suppress(OSError):
				group = os.getpgid(int(name))
				if group in used:
					used[group] += _cpu(int(name))
	return used


class Job:
	"""
	A program that runs, or has run.

	@argv: the program and its arguments
	@log: file to which both outputs are appended; None: the script's own outputs
	@env: variables that are added to the environment; None as a value takes one away
	@cwd: where it runs
	@default_signals: what ends it from a terminal does, also where this script ignores it, as
		what a shell starts in the background ignores SIGINT

	Raises: Trouble if it cannot be started; Interrupted.
	"""

	def __init__(self, argv, log=None, env=None, cwd=None, default_signals=False):
		take_signals()
		check()
		self.argv = [os.fspath(word) for word in argv]
		self.log = log
		self.status = None	# as subprocess has it: -N for signal N
		self.timed_out = False
		self.began = time.monotonic()
		self.seconds = None	# that it took
		self.cpu = 0.0		# seconds of CPU of it and of its children that it has waited for
		parent = os.getpid()
		environment = {**os.environ, 'LC_ALL': 'C.UTF-8', **(env or {})}

		def before_exec():
			os.setpgid(0, 0)
			if default_signals:
				for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
					signal.signal(number, signal.SIG_DFL)
			_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
			if os.getppid() != parent:	# it died in between
				os._exit(127)

		if _guardian is None:
			_start_guardian()
		with contextlib.ExitStack() as stack:
			output = stack.enter_context(open(log, 'ab')) if log else None
			try:
				self._process = subprocess.Popen(
					self.argv, stdin=subprocess.DEVNULL, stdout=output,
					stderr=subprocess.STDOUT if log else None, cwd=cwd,
					env={k: v for k, v in environment.items() if v is not None},
					preexec_fn=before_exec)
			except (OSError, subprocess.SubprocessError) as error:
				raise Trouble(f'{self.argv[0]} does not start: {error}') from error
		self.pid = self._process.pid
		_tell_guardian('+', self.pid)
		_running.append(self)

	def signal(self, number):
		"""Sends a signal to the whole group."""
		with contextlib.suppress(ProcessLookupError, PermissionError):
			os.killpg(self.pid, number)

	def poll(self):
		"""
		Looks whether the program has ended; what is left of its group ends with it.

		Return: whether it has; `status` is set then.
		"""
		if self.status is None:
			flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
			if os.waitid(os.P_PID, self.pid, flags) is None:
				return False
			# not reaped yet: the number is still the group's
			self.cpu = _cpu(self.pid)
			self.signal(signal.SIGKILL)
			self.status = self._process.wait()
			self.seconds = time.monotonic() - self.began
			_tell_guardian('-', self.pid)
			_running.remove(self)
		return True

	def words(self):
		"""How it ended: "exit status 3", "killed by SIGSEGV", "not ended in time"."""
		if self.timed_out:
			return 'not ended in time'
		if self.status is None:
			return 'still running'
		if self.status < 0:
			return f'killed by {signal.Signals(-self.status).name}'
		return f'exit status {self.status}'


def _pause(seconds):
	"""Waits for a signal, SIGCHLD too, for @seconds (None: for ever)."""
	if _wake is None:		# signals are not caught here: a test that uses the library
		time.sleep(0.05 if seconds is None else min(seconds, 0.05))
		return
	select.select([_wake], [], [], seconds)
	with contextlib.suppress(BlockingIOError):
		os.read(_wake, 4096)


def wait(seconds=None):
	"""
	Waits until a job ends, @seconds have passed, or a signal has come.

	Return: the jobs that have ended, maybe none.
	"""
	until = None if seconds is None else time.monotonic() + seconds
	while True:
		ended = [job for job in list(_running) if job.poll()]
		left = None if until is None else until - time.monotonic()
		if ended or _signal or not _running and until is None or left is not None and left <= 0:
			return ended
		_pause(left)


def sleep(seconds):
	"""Sleeps, but not through a signal. Jobs that end meanwhile stay to be waited for."""
	until = time.monotonic() + seconds
	while not _signal and (left := until - time.monotonic()) > 0:
		_pause(left)


def end(jobs=None):
	"""Ends jobs (all, by default): SIGTERM to their groups, SIGKILL after GRACE seconds."""
	jobs = [job for job in (list(_running) if jobs is None else jobs) if not job.poll()]
	for job in jobs:
		job.signal(signal.SIGTERM)
		job.signal(signal.SIGCONT)
	until = time.monotonic() + GRACE
	while time.monotonic() < until and not all([job.poll() for job in jobs]):
		time.sleep(0.01)
	for job in jobs:
		if not job.poll():
			job.signal(signal.SIGKILL)
			while not job.poll():
				time.sleep(0.01)


def finish(job, seconds=None, tick=None, every=0.5):
	"""
	Waits for the end of a job; ends it @seconds after its start, or when the script is
	interrupted.

	@tick: called about every @every seconds while it runs

	Return: the job; its `timed_out` says whether its time was over.
	"""
	try:
		until = None if seconds is None else job.began + seconds
		while not job.poll() and not _signal:
			left = None if until is None else until - time.monotonic()
			if left is not None and left <= 0:
				job.timed_out = True
				break
			_pause(min(every if tick else 3600, 3600 if left is None else left))
			if tick:
				tick()
	finally:
		end([job])
	return job


def run(argv, seconds=None, tick=None, every=0.5, **more):
	"""
	Runs a program to its end, as finish() has it; @more as Job has it.

	Return: the Job. Raises: Trouble if it cannot be started; Interrupted, when it has ended.
	"""
	job = finish(Job(argv, **more), seconds, tick, every)
	check()
	return job


def output(argv, **more):
	"""
	What a short program prints to its standard output.

	Return: the text. Raises: Trouble with the end of its outputs if it does not end with 0;
	Interrupted.
	"""
	with tempfile.TemporaryDirectory() as directory:
		log = os.path.join(directory, 'log')
		job = run(argv, log=log, **more)
		with open(log, encoding='utf-8', errors='replace') as file:
			text = file.read()
	if job.status != 0:
		tail = ''.join('\n    ' + line for line in text.splitlines()[-10:])
		raise Trouble(f"{' '.join(job.argv[:3])}: {job.words()}{tail}")
	return text
