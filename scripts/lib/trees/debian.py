# SPDX-License-Identifier: GPL-2.0-only
"""
Debian's linux-source-X.Y, from a suite that this system's apt need not know: with a sources list
and list directory of our own, from the mirror that the system uses. The package and what is
unpacked of it stay in the XDG cache, so that a second run needs no network.
"""
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile

from lib import files, job
from lib.start import Trouble

SUITE = 'trixie-backports'
KNOWN = ('7.3', '7.2')		# newest first
RELEASES = ('trixie', 'bookworm', 'forky', 'sid', 'unstable', 'testing', 'stable', 'oldstable',
	    'bullseye', 'oldoldstable')
KEYRINGS = ('/usr/share/keyrings/debian-archive-keyring.gpg',
	    '/usr/share/keyrings/debian-archive-keyring.pgp')
UNPACKED = '.unpacked.json'
HEADERS = ('mm/*.h', 'include/linux/swap*.h')	# whichever of them are included: trees.header


def cache():
	"""The directory of what is kept. It is created. Raises: OSError."""
	base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
	path = os.path.join(base, 'swaphammer')
	os.makedirs(path, exist_ok=True)
	return path


def _order(version):
	"""A key that sorts version numbers."""
	return [int(part) for part in re.findall(r'\d+', version)]


def kept(series=None):
	"""
	What the cache has, newest first: [(series, version)], of one @series or of all.
	"""
	found = set()
	for path in glob.glob(os.path.join(cache(), 'linux-source-*_all.deb')):
		match = re.fullmatch(r'linux-source-([0-9.]+)_(.+)_all\.deb', os.path.basename(path))
		if match:
			found.add(match.groups())
	for path in glob.glob(os.path.join(cache(), 'linux-source-*', UNPACKED)):
		match = re.fullmatch(r'linux-source-([0-9.]+)_(.+)',
				     os.path.basename(os.path.dirname(path)))
		if match:
			found.add(match.groups())
	return sorted((pair for pair in found if series in (None, pair[0])),
		      key=lambda pair: (_order(pair[0]), _order(pair[1])), reverse=True)


def _mirror():
	"""
	The URI from which this system gets Debian.

	Raises: Trouble if apt is not configured for any.
	"""
	if not shutil.which('apt-get'):
		raise Trouble('no apt-get: this is no Debian, so give a directory with a kernel tree')
	text = job.output(['apt-get', 'indextargets', '--format',
			   'target $(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'])
	found = {}
	for uri, release in re.findall(r'^target (\S+) (\S+) main$', text, re.M):
		if release in RELEASES:
			found.setdefault(release, uri)
	if not found:
		raise Trouble("apt's sources have no release of Debian, so there is no mirror to ask for "
			      f'{SUITE}; give a directory with a kernel tree')
	return found[min(found, key=RELEASES.index)]


class Suite:
	"""The suite as apt sees it, with files of our own. Raises: Trouble, OSError."""

	def __init__(self, progress):
		self.progress = progress
		self.directory = os.path.join(cache(), 'apt')
		lists = os.path.join(self.directory, 'lists')
		archives = os.path.join(self.directory, 'cache', 'archives')
		for path in (lists, archives):
			os.makedirs(os.path.join(path, 'partial'), exist_ok=True)
		sources = os.path.join(self.directory, 'sources.list')
		keys = [path for path in KEYRINGS if os.path.exists(path)]
		signed = f'[signed-by={keys[0]}] ' if keys else ''
		files.write(sources, f'deb {signed}{_mirror()} {SUITE} main\n')
		self.options = [word for option in (
			f'Dir::Etc::sourcelist={sources}', 'Dir::Etc::sourceparts=/dev/null',
			f'Dir::State::Lists={lists}', f"Dir::Cache={os.path.join(self.directory, 'cache')}",
			'APT::Sandbox::User=root', 'Acquire::Languages=none', 'Acquire::Retries=2',
			'APT::Get::List-Cleanup=1', 'APT::Architecture=amd64') for word in ('-o', option)]
		self.updated = False

	def _apt(self, program, *words, **more):
		return job.output([program, '-q', *self.options, *words], **more)

	def update(self):
		"""Fetches the list of packages, once."""
		if not self.updated:
			self.progress.live(f'asks the mirror what {SUITE} has')
			try:
				self._apt('apt-get', '--error-on=any', 'update', seconds=180)
			finally:
				self.progress.settle()
			self.updated = True

	def offers(self):
		"""What the suite has: {series: version}."""
		self.update()
		names = re.findall(r'^linux-source-([0-9.]+)$',
				   self._apt('apt-cache', 'pkgnames', 'linux-source-'), re.M)
		found = {}
		for series in names:
			policy = self._apt('apt-cache', 'policy', f'linux-source-{series}')
			match = re.search(r'^ *Candidate: (\S+)$', policy, re.M)
			if match and match.group(1) != '(none)':
				found[series] = match.group(1)
		return found

	def download(self, series, version):
		"""Downloads a package into the cache. apt checks its signature and its hash."""
		with tempfile.TemporaryDirectory(prefix='.download.', dir=cache()) as directory:
			def tick():
				size = sum(entry.stat().st_size for entry in os.scandir(directory))
				self.progress.live(f'downloads linux-source-{series} {version}: '
						   f'{size / 1e6:.0f} MB')
			try:
				self._apt('apt-get', 'download', f'linux-source-{series}={version}',
					  cwd=directory, tick=tick, seconds=1800)
			finally:
				self.progress.settle()
			found = glob.glob(os.path.join(directory, '*.deb'))
			if len(found) != 1:
				raise Trouble(f'apt-get download linux-source-{series}: no package came')
			os.rename(found[0], _package(series, version))


def _package(series, version):
	"""Where a package is kept. apt escapes the epoch's colon."""
	return os.path.join(cache(), f'linux-source-{series}_{version}_all.deb')


def choose(series, update, progress):
	"""
	The package to use, downloaded if the cache has none that will do.

	@series: "7.3", or None for the newest that we know
	@update: look for a newer one, even if the cache has one

	Return: (series, version). Raises: Trouble if there is none, or no network.
	"""
	wanted = (series,) if series else KNOWN
	if not update:
		for name in wanted:
			if kept(name):
				return kept(name)[0]
	try:
		suite = Suite(progress)
		offers = suite.offers()
	except Trouble as trouble:
		have = ', '.join(version for _, version in kept()) or 'nothing'
		raise Trouble(f"cannot get Debian's linux-source-{wanted[0]} from {SUITE}, and "
			      f'{cache()} has {have} of it: {trouble}') from trouble
	for name in offers:
		if name not in KNOWN and _order(name) > _order(KNOWN[0]):
			progress.say(f'{SUITE} has linux-source-{name}, which is newer than what is known '
				     f'to work: `scripts/tree debian:{name}` tries it')
	for name in wanted:
		if name in offers:
			if not os.path.exists(_package(name, offers[name])) and \
			   (name, offers[name]) not in kept(name):
				suite.download(name, offers[name])
			return name, offers[name]
	have = ', '.join(sorted(offers, key=_order, reverse=True)) or 'none'
	if series or not offers:
		raise Trouble(f'{SUITE} has no linux-source-{wanted[0]}; it has {have}')
	name = max(offers, key=_order)
	progress.say(f"{SUITE} has none of {', '.join(KNOWN)} any more: tries {name}")
	suite.download(name, offers[name])
	return name, offers[name]


def _unpack(package, series, names, directory):
	"""Unpacks the files of the source tree inside of the package, as far as there are any."""
	top = f'linux-source-{series}'
	pipe = ('dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" | xz -dc -T0 | '
		'tar -x -C "$3" --strip-components=1 --no-same-owner --wildcards --no-wildcards-match-slash -T "$4"')
	with tempfile.NamedTemporaryFile('w', suffix='.names') as wanted, \
	     tempfile.NamedTemporaryFile('r', suffix='.log') as log:
		wanted.write(''.join(f'{top}/{name}\n' for name in [*names, *HEADERS]))
		wanted.flush()
		ended = job.run(['bash', '-c', f'set -o pipefail; {pipe}', 'unpack', package, top,
				 directory, wanted.name], log=log.name, seconds=900)
		text = log.read()
	# tar also ends with 2 for names that are not there: the caller knows which must be
	unexpected = [line for line in text.splitlines()
		      if 'Not found in archive' not in line and 'Exiting with failure' not in line]
	if ended.status != 0 and (unexpected or 'Not found in archive' not in text):
		raise Trouble(f'cannot unpack {package} ({ended.words()}): ' + ' '.join(unexpected[-3:]))


def _whole(directory, names):
	"""The hashes of what is unpacked there, or None if it is not all of @names, unharmed."""
	record = files.read_json(os.path.join(directory, UNPACKED))
	if record is None or not set(names) <= set(record['names']):
		return None
	for name, digest in record['files'].items():
		try:
			with open(os.path.join(directory, name), 'rb') as file:
				if hashlib.sha256(file.read()).hexdigest() != digest:
					return None
		except OSError:
			return None
	return record['files']


def unpacked(series, version, names, progress):
	"""
	The directory with the files @names of a kept package, those that it has. They are unpacked
	once; damaged ones again.

	Raises: Trouble, OSError.
	"""
	directory = os.path.join(cache(), f'linux-source-{series}_{version}')
	if _whole(directory, names) is not None:
		return directory
	package = _package(series, version)
	if not os.path.exists(package):
		suite = Suite(progress)
		suite.update()
		suite.download(series, version)
	if not shutil.which('xz') or not shutil.which('dpkg-deb'):
		if job.run(['scripts/setup', 'tree']).status != 0:
			raise Trouble('scripts/setup tree failed: xz and dpkg-deb unpack the source')
	progress.live(f'unpacks {os.path.basename(package)}', now=True)
	# what an earlier version of the list named is kept: another checkout may want it
	before = files.read_json(os.path.join(directory, UNPACKED)) or {'names': []}
	names = sorted(set(names) | set(before['names']) | {'Makefile'})
	new = tempfile.mkdtemp(prefix='.unpack.', dir=cache())
	try:
		_unpack(package, series, names, new)
		hashes = {}
		for parent, _, entries in os.walk(new):
			for entry in entries:
				place = os.path.join(parent, entry)
				with open(place, 'rb') as file:
					digest = hashlib.sha256(file.read()).hexdigest()
				hashes[os.path.relpath(place, new)] = digest
		if 'Makefile' not in hashes:
			raise Trouble(f'{package} has no source tree of Linux')
		files.write(os.path.join(new, UNPACKED),
			    json.dumps({'names': names, 'files': hashes}, indent=1) + '\n')
		os.chmod(new, 0o755)
		shutil.rmtree(directory, ignore_errors=True)
		os.rename(new, directory)
	finally:
		progress.settle()
		shutil.rmtree(new, ignore_errors=True)
	return directory
