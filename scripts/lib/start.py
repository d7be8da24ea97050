# SPDX-License-Identifier: GPL-2.0-only
"""
Runs a script: the module named first, with the other arguments. A script ends with 0, 1 or 2:
whatever Python itself says for an error it did not expect is 2, since 1 means a failure found.
"""
import signal

if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
	signal.signal(signal.SIGINT, signal.SIG_DFL)	# until lib.job takes it: nothing runs yet

import importlib		# noqa: E402
import os			# noqa: E402
import sys			# noqa: E402
import traceback		# noqa: E402

PASS, FAIL, INCOMPLETE = 0, 1, 2


class Trouble(Exception):
	"""
	Something that was asked for could not be done; its text says what. Ends the script with
	status 2, unless the script makes it a reason of an INCOMPLETE verdict.
	"""


class Interrupted(Exception):
	"""SIGINT, SIGTERM or SIGHUP came; the text is its name. See lib.job."""


def guard(main, argv, name):
	"""
	Calls a script's main(argv), which returns its exit status, and ends what it has started.

	Return: the exit status; INCOMPLETE for every error.
	"""
	from lib import job
	status = INCOMPLETE
	try:
		job.take_signals()
		status = main(argv)
		sys.stdout.flush()
	except SystemExit as end:	# argparse
		status = end.code if isinstance(end.code, int) else INCOMPLETE
	except Interrupted as interrupted:
		print(f'{name}: INCOMPLETE: {interrupted}', file=sys.stderr)
	except Trouble as trouble:
		print(f'{name}: {trouble}', file=sys.stderr)
	except BrokenPipeError:		# the reader is gone: nothing is left to say
		os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
	except OSError as error:	# no space, no rights, no such directory
		print(f'{name}: INCOMPLETE: {error}', file=sys.stderr)
	except Exception:		# pylint: disable=broad-except
		traceback.print_exc()
		print(f'{name}: INCOMPLETE: an error in the script itself', file=sys.stderr)
	finally:
		job.end()
	return status if status in (PASS, FAIL, INCOMPLETE) else INCOMPLETE


def run(module, argv):
	"""Imports lib.MODULE and runs its main(argv). Return: the exit status."""
	try:
		main = importlib.import_module('lib.' + module).main
	except Exception:		# pylint: disable=broad-except
		traceback.print_exc()
		return INCOMPLETE
	return guard(main, argv, module)


def leave(code):
	"""Ends the process with this status, whatever signal comes now: the verdict has been said."""
	try:
		sys.stdout.flush()
	except OSError:
		code = code or INCOMPLETE
	os._exit(code)


if __name__ == '__main__':
	# not this directory, where modules may have the names of others
	sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
	from lib import start		# the module of which the others import Trouble
	start.leave(start.run(sys.argv[1], sys.argv[2:]))
