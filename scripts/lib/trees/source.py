# SPDX-License-Identifier: GPL-2.0-only
"""
Where a tree's files come from. A source is read, never written: git is run so that it does not
refresh an index.
"""
import os
import re

from lib import job, options
from lib.start import Trouble
from lib.trees import debian, graph

LIST = 'core/linux/files'
GIT = ('git', '--no-optional-locks', '-c', 'safe.directory=*', '-c', 'core.fsmonitor=false',
       '-c', 'core.quotePath=false')


class Listed:
	"""
	What core/linux/files says: `files`, {path: whether a tree may be without it}; `library`, the
	headers that are the C library's; `not_taken`, those and others that are not copied.

	Raises: Trouble for a line that is none.
	"""

	def __init__(self, path=LIST):
		self.files = {}
		self.library = set()
		self.not_taken = set()
		with open(path, encoding='utf-8') as file:
			for number, line in enumerate(file, 1):
				text = line.split('#', 1)[0].strip()
				if not text:
					continue
				match = re.fullmatch(r'([?=!]?)([A-Za-z0-9_.+-]+(?:/[A-Za-z0-9_.+-]+)*)', text)
				if not match or '..' in text:
					raise Trouble(f"{path}:{number}: expected a path in the tree, not '{text}'")
				sign, name = match.groups()
				if sign in ('', '?'):
					self.files[name] = sign == '?'
				else:
					self.not_taken.add(name)
				if sign == '=':
					self.library.add(name)


def version_of(makefile):
	"""
	The version that a kernel's Makefile states, "7.3.4" or "7.4.0-rc2".

	Return: None if the text has none.
	"""
	part = dict(re.findall(rb'^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*=[ \t]*(\S*)',
			       makefile, re.M))
	if not all(part.get(name, b'').isdigit() for name in (b'VERSION', b'PATCHLEVEL')):
		return None
	number = b'.'.join(part[name] for name in (b'VERSION', b'PATCHLEVEL', b'SUBLEVEL')
			   if part.get(name))
	return (number + part.get(b'EXTRAVERSION', b'')).decode(errors='replace')


# the kernel's own reader of KTAP, for our tests
KUNIT = ('tools/testing/kunit/*.py',)


class Source:
	"""
	A tree to take files of.

	@path: its directory
	@name: what it is called if no other name is given

	`about` is what the manifest says of it, `notes` is what the user is told.
	"""

	def __init__(self, path, name):
		self.path = path
		self.name = name
		self.about = {}
		self.notes = []
		makefile = self.read('Makefile')
		self.version = version_of(makefile) if makefile is not None else None
		if self.version is None:
			raise Trouble(f"'{path}' is no kernel tree: its Makefile has no VERSION and PATCHLEVEL"
				      if makefile is not None else
				      f"'{path}' is no kernel tree: it has no Makefile")

	def read(self, path):
		"""The content of a file. Return: None if there is none. Raises: OSError."""
		try:
			with open(os.path.join(self.path, path), 'rb') as file:
				return file.read()
		except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
			return None

	def words(self):
		"""What it is, in a few words."""
		return self.about['kind']


class Debian(Source):
	"""
	Debian's linux-source.

	@series: "7.3", or None for the newest that is known
	@update: look for a newer package than the one that is kept
	"""

	def __init__(self, series, update, progress):
		found, package = debian.choose(series, update, progress)
		names = [*Listed().files, 'Makefile', *KUNIT]
		name = 'debian' if series is None else f'debian-{series}'
		super().__init__(debian.unpacked(found, package, names, progress), name)
		self.about = {'kind': 'debian', 'series': found, 'package': package}

	def words(self):
		return f"Debian's linux-source-{self.about['series']} {self.about['package']}"


class Directory(Source):
	"""
	A directory with a kernel tree, with what git knows of it.

	@since: a revision; what changed since then outside of our files is told. Default: where the
	  branch left its upstream, else the last release, else the commit before.
	"""

	def __init__(self, path, since=None):
		if not os.path.isdir(path):
			raise Trouble(f"'{path}' is no directory" if os.path.exists(path) else f"no directory '{path}'" + _near(path))
		path = os.path.realpath(path)
		super().__init__(path, re.sub(r'[^A-Za-z0-9_.+-]', '-', os.path.basename(path)) or 'tree')
		self.about = {'kind': 'directory', 'path': path}
		top = self._git('rev-parse', '--show-toplevel')
		if top is None or os.path.realpath(top) != path:
			if since:
				raise Trouble(f"--since {since}: '{path}' is no git worktree")
			return
		commit = self._git('rev-parse', '--verify', '-q', 'HEAD')
		if not commit:
			raise Trouble(f"'{path}' is a git worktree without a commit")
		self.about['commit'] = commit
		self.about['subject'] = self._git('log', '-1', '--format=%s') or ''
		self._changes(since)

	def _git(self, *words):
		"""What git prints, or None if it fails."""
		try:
			return job.output([*GIT, '-C', self.path, *words], seconds=120,
					  env={'GIT_DIR': None, 'GIT_WORK_TREE': None}).rstrip('\n')
		except Trouble:
			return None

	def _base(self, since):
		if since:
			base = self._git('rev-parse', '--verify', '-q', since + '^{commit}')
			if not base:
				raise Trouble(f"--since {since}: '{self.path}' has no such revision")
			return base
		for words in (('merge-base', 'HEAD', '@{upstream}'),
			      ('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'),
			      ('rev-parse', '--verify', '-q', 'HEAD~1')):
			base = self._git(*words)
			if base:
				return base
		return None

	def _changes(self, since):
		"""Which files the worktree and the last commits change: ours, and others."""
		ours = set(Listed().files)
		dirty = set((self._git('diff', '--name-only', 'HEAD', '--') or '').splitlines())
		self.about['dirty'] = sorted(dirty & ours)
		base = self._base(since)
		changed = set()
		if base:
			changed = set((self._git('diff', '--name-only', base, 'HEAD', '--') or '').splitlines())
			self.about['since'] = base if re.fullmatch('[0-9a-f]{40}', base) is None else base[:12]
		if dirty & ours:
			self.notes.append('changed in the worktree, not committed: '
					  + ' '.join(sorted(dirty & ours)))
		others = sorted((dirty | changed) - ours)
		if others:
			where = f" since {self.about['since']}" if changed else ' in the worktree'
			more = f' and {len(others) - 8} more' if len(others) > 8 else ''
			self.notes.append(f"changed{where}, but not among the files that are built, so left out: "
					  + ' '.join(others[:8]) + more)
		elif since:
			self.notes.append(f'nothing changed since {since} outside the files that are built')

	def words(self):
		if 'commit' not in self.about:
			return f"{self.path}, no git worktree"
		dirty = ' + changes' if self.about['dirty'] else ''
		return f"{self.path}, commit {self.about['commit'][:12]}{dirty} (\"{self.about['subject']}\")"


def _near(path):
	"""A hint for a name that is nearly one of ours."""
	if re.fullmatch(r'[Dd]ebian.*|[0-9]+\.[0-9]+', path):
		return "; Debian's source is debian, or debian:7.3"
	return options.near(path, {'debian', *graph.trees()}) if '/' not in path else ''


def is_debian(text):
	"""Whether the user means Debian's source; a directory of that name is ./debian."""
	return text == 'debian' or text.startswith('debian:')


def find(text, since, update, progress):
	"""
	The source that the user means: "debian", "debian:7.3", or a directory.

	Raises: Trouble, OSError.
	"""
	if not is_debian(text):
		if update:
			raise Trouble('--update is for debian')
		return Directory(text, since)
	series = text.partition(':')[2] if ':' in text else None
	if series is not None and not re.fullmatch(r'[0-9]+\.[0-9]+', series):
		raise Trouble(f'{text}: expected a version of two numbers, as in debian:7.3')
	if since:
		raise Trouble('--since is for a git worktree')
	return Debian(series, update, progress)
