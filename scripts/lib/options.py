# SPDX-License-Identifier: GPL-2.0-only
"""
Arguments of scripts: argparse with exit status 2, no abbreviations, and numbers that mean what
they say. A sign, a leading zero, a space or a number too large is an error, never another number.
"""
import argparse
import difflib
import re

HELP = 'util/help.def'
U64_MAX = 2 ** 64 - 1
YEAR = 525600		# minutes


def examples():
	"""The rows of util/help.def: program, command, what it does."""
	with open(HELP, encoding='utf-8') as file:
		return re.findall(r'^EXAMPLE\((\w+), "([^"]*)", "([^"]*)"\)$', file.read(), re.M)


class Parser(argparse.ArgumentParser):
	"""An argument parser for scripts/NAME; `text` is what --help says first."""

	def __init__(self, name, text):
		super().__init__(prog='scripts/' + name, description=text, allow_abbrev=False,
				 formatter_class=argparse.RawDescriptionHelpFormatter)
		self.name = name

	def error(self, message):
		"""Of an option that does not exist, says which are near."""
		unknown = re.match(r'unrecognized arguments: (--[^\s=]+)', message)
		super().error(message + (near(unknown[1], self._option_string_actions) if unknown else ''))

	def format_help(self):
		"""What argparse says, then the script's examples."""
		shown = [f'  {command}\n      {text}\n' for program, command, text in examples() if program == self.name]
		return super().format_help() + ('\nexamples:\n' + ''.join(shown) if shown else '')


def integer(low, high=U64_MAX):
	"""
	For `type=`: a decimal integer from @low to @high.

	Return: a function from text to int, which raises argparse.ArgumentTypeError.
	"""
	def parse(text):
		if not re.fullmatch(r'0|[1-9][0-9]*', text):
			hint = ' (no leading zeros)' if re.fullmatch(r'0[0-9]+', text) else ''
			raise argparse.ArgumentTypeError(
				f"takes an integer from {low} to {high}, not '{text}'{hint}")
		if len(text) > 20 or not low <= int(text) <= high:
			raise argparse.ArgumentTypeError(f'{text} is not from {low} to {high}')
		return int(text)
	return parse


def number(low, high):
	"""For `type=`: a decimal number with or without a fraction, from @low to @high."""
	def parse(text):
		if not re.fullmatch(r'(0|[1-9][0-9]*)(\.[0-9]+)?', text):
			raise argparse.ArgumentTypeError(
				f"takes a number from {low:g} to {high:g}, not '{text}'")
		if len(text) > 40 or not low <= float(text) <= high:
			raise argparse.ArgumentTypeError(f'{text} is not from {low:g} to {high:g}')
		return float(text)
	return parse


def minutes(text):
	"""For `type=`: how long, in minutes: a second to a year."""
	try:
		value = number(0, YEAR)(text)
	except argparse.ArgumentTypeError:
		value = 0
	if value * 60 < 1:
		raise argparse.ArgumentTypeError(f"takes minutes from 0.017 (a second) to {YEAR} (a year), not '{text}'")
	return value


def word(text):
	"""For `type=`: a name that is not empty, as an unset variable would be."""
	if not text.strip():
		raise argparse.ArgumentTypeError('takes a name, not nothing')
	return text


def near(name, names):
	"""Which of @names a misspelt one may mean: "; near: seed, runs", or nothing."""
	close = difflib.get_close_matches(name, sorted(names), 3)
	return f"; near: {', '.join(close)}" if close else ''
