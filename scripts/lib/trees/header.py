# SPDX-License-Identifier: GPL-2.0-only
"""
The headers that a tree's files include: those that are taken of the tree, beyond core/linux/files,
and those that are replaced by an empty file, since a shim that is included first has all of it.
"""
import os
import re

SHIMS = 'core/linux/include'
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def included(data):
	"""What a file includes: [(whether by "", name)]."""
	text = data.decode('utf-8', 'replace')
	return [(sign == '"', name) for sign, name in _INCLUDE.findall(text)]


def _place(path, quoted, name):
	"""Where in the tree an included file is."""
	if quoted and not path.startswith('include/'):
		return os.path.normpath(os.path.join(os.path.dirname(path), name))
	return 'include/' + name


def belongs(place):
	"""Whether a header, of which core/linux/files knows nothing, belongs to the swap code."""
	return re.match(r'mm/[^/]+\.h$|include/linux/swap[^/]*\.h$', place) is not None


def more(contents, listed, read):
	"""
	The files to take beyond those in @contents, whose content it is: what they include of the
	swap code, and what that includes.

	@listed: source.Listed
	@read: gives the content of a file of the tree, or None

	Return: {path: content}.
	"""
	found = {}
	left = list(contents.items())
	while left:
		path, data = left.pop()
		for quoted, name in included(data):
			place = _place(path, quoted, name)
			if place in contents or place in found or place in listed.not_taken or \
			   not belongs(place) or os.path.exists(os.path.join(SHIMS, name)):
				continue
			new = read(place)
			if new is not None:
				found[place] = new
				left.append((place, new))
	return found


def empty(contents, listed):
	"""
	The names of the headers that are empty files: included in @contents, but neither there, nor a
	shim, nor the C library's.
	"""
	found = set()
	for path, data in contents.items():
		for quoted, name in included(data):
			place = _place(path, quoted, name)
			if place not in contents and place not in listed.library and name.endswith('.h') and \
			   not name.startswith(('/', '.')) and '..' not in name and \
			   not os.path.exists(os.path.join(SHIMS, name)):
				found.add(name)
	return sorted(found)
