# SPDX-License-Identifier: GPL-2.0-only
"""scripts/findings: what the nights have found. See TEXT."""
import os
import sys

from lib import evidence, files, options
from lib.night.ledger import STATES, Ledger
from lib.start import PASS, Trouble

HOME = 'out/nightly'
TEXT = """
Lists, shows and marks the findings of scripts/nightly: one entry per cause, across nights, engines, variants
and seeds. The list is DIR/findings, a plain file; no other file is changed.
"""
MORE = """
commands:
  list [STATE...]              all entries, or those in these states, new ones first (default)
  show NAME...                 everything about an entry: where, when, its program, its report
  mark NAME STATE [NOTE...]    set the state: new, known, fixed or gone; a night that meets a fixed one fails
  reopen NAME [NOTE...]        set the state to known: the bug is still open
  join NAME MAIN               record NAME as a further check of MAIN's cause
  part NAME [NOTE...]          undo a join: NAME is an open entry of its own

examples:
  scripts/findings list new known
  scripts/findings mark INV-C8-7c09 fixed by 5cc5828
"""


def _state(parser, word):
	"""Refuses what is no state."""
	if word not in STATES:
		parser.error(f"no state '{word}'{options.near(word, STATES)}; there are {', '.join(STATES)}")


def parse(argv):
	"""The arguments of scripts/findings."""
	parser = options.Parser('findings', TEXT)
	parser.epilog = MORE
	parser.add_argument('--dir', metavar='DIR', type=options.word, default=HOME,
			    help=f"the nights' directory (default {HOME})")
	parser.add_argument('command', nargs='?', choices=('list', 'show', 'mark', 'reopen', 'join', 'part'), default='list',
			    metavar='COMMAND', help='list (default), show, mark, reopen, join, part')
	parser.add_argument('words', nargs='*', metavar='WORD', help="the command's arguments, see below")
	args = parser.parse_args(argv)
	if args.command == 'list':
		for word in args.words:
			_state(parser, word)
	if args.command in ('show', 'reopen', 'part') and not args.words:
		parser.error(f'{args.command}: which one?')
	if args.command == 'mark':
		if len(args.words) < 2:
			parser.error(f"mark takes a NAME and a state: {', '.join(STATES)}")
		_state(parser, args.words[1])
	if args.command == 'join' and len(args.words) != 2:
		parser.error('join takes two names: the further check, and whose it is')
	return args


def _entry(ledger, name):
	if name not in ledger.entries:
		near = options.near(name, ledger.entries) or '; scripts/findings list names all of them'
		raise Trouble(f"no finding '{name}'{near}")
	return ledger.entries[name]


def _unlike(ledger, entry, main):
	"""Why an entry cannot be a further check of another one, or None."""
	if main is entry:
		return 'it is the same entry'
	if main.code != entry.code:
		return f'one is of {entry.code}, the other of {main.code}'
	if main.of:
		return f'that is a further check of {main.of} itself'
	if ledger.further(entry):
		return f"it has further checks of its own: {', '.join(other.name for other in ledger.further(entry))}"
	return None


def line(entry):
	"""An entry in a line."""
	functions = entry.where.partition('; ')[2].split(' < ')[0]
	flaw = f'  = {entry.flaw}' if entry.flaw else ''
	flaw += f"  perhaps {' or '.join(entry.like.split())}" if entry.like else ''
	flaw += '  not shrunk yet' if entry.todo else ''
	return f"{entry.state:6} {entry.name:20} {entry.code:8} {entry.last[:16]:17} {entry.nights:4} nights  " \
		f"{entry.where.partition(';')[0]}  {functions[:60]}{flaw}".rstrip()


def listed(ledger, states=()):
	"""Lines of all entries, or of those in some states; below each the further checks that see it."""
	order = sorted(ledger.mains(), key=lambda entry: (STATES.index(entry.state or 'new'), entry.name))
	return [text for entry in order if not states or entry.state in states
		for text in [line(entry), *(f"       {other.name:20}   further check of {entry.name}: {other.where.partition(';')[0]}"
					    for other in ledger.further(entry))]]


def _show(entry, home):
	print(entry.text(), end='')
	if entry.program:
		print(f'\n{evidence.read(entry.program).rstrip()}')
	report = evidence.read(f'{home}/finding/{entry.name}.txt')
	if report:
		print(f'\n{report.rstrip()}')


def main(argv):
	"""Return: the exit status."""
	args = parse(argv)
	if not os.path.exists(f'{args.dir}/findings'):
		if not os.path.isdir(args.dir):
			raise Trouble(f'no directory {args.dir}: scripts/nightly has not run yet')
		print('no findings', file=sys.stderr)
	if args.command in ('list', 'show'):
		ledger = Ledger(f'{args.dir}/findings')
		if args.command == 'list':
			for text in listed(ledger, args.words):
				print(text)
		for name in args.words if args.command == 'show' else []:
			_show(_entry(ledger, name), args.dir)
		return PASS
	lock = files.Lock(f'{args.dir}/.lock')
	if not lock.take():	# it has the list in memory
		raise Trouble(f'a night runs in {args.dir} ({lock.holder()}): wait until it has ended')
	ledger = Ledger(f'{args.dir}/findings')
	entry = _entry(ledger, args.words[0])
	note = args.words[1:]
	if args.command == 'join':
		main, note = _entry(ledger, args.words[1]), []
		why = _unlike(ledger, entry, main)
		if why:
			raise Trouble(f'{entry.name} cannot be a further check of {main.name}: {why}')
		entry.of, entry.like = main.name, ''
	elif args.command == 'part':
		entry.of, entry.state = '', 'known'
		entry.origin = ''	# and stays apart
	elif args.command == 'reopen':
		entry.state, entry.gone = 'known', ''
	else:
		entry.state, entry.gone, note = args.words[1], '', args.words[2:]
	if note:
		entry.note = f"{entry.note + '; ' if entry.note else ''}{' '.join(' '.join(note).split())}"
	ledger.write()
	print(line(entry))
	return PASS
