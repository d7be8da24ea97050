#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Shards run by what runs commands: GNU parallel on one machine, over ssh to a second host, which is a
network namespace with an sshd of its own, and a Slurm array, whose daemons are of this test. What they
found is merged, and is what one night that ran all slices has found. The engine is a small script whose
findings depend on its seed alone.
"""
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import home
from lib import evidence, tap
from lib.night.ledger import Ledger
from nightly_test import DRIVER, REPLAY, SHRINK

ARMS = "return [Explore(f'core explore dev {n}', **self._common('dev')) for n in range(int(os.environ.get('ARMS', 2)))]\n\n"
EXPLORE = r"""#!/bin/bash
while [ $# -gt 0 ]; do case $1 in --json) json=$2 ;; --out) out=$2 ;; --seed) seed=${2%..} ;; esac; shift; done
mkdir -p "$out"
slice=$((seed / 100000 % 100)) check=INV-X$((seed / 100000 % 3))
readlink /proc/self/ns/net >>"$out/../../../../../hosts"
printf '# %s  core/x.c:%s\nprogram 1\n# step: takes A/%s\ntask 0 @cpu0 { map m0 %s }\nexpect %s\n' \
	$check $((RANDOM % 90 + 1)) $slice $slice $check >"$out/$check-1.prog"
echo '{"verdict": "PASS", "reason": "", "behaviours": 9, "done": {"schedules": 50, "seconds": 1}}' >"$json"
"""
CONFIG = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmctldPort={port}
SlurmdPort={other}
AuthType=auth/munge
AuthInfo=socket={tmp}/munge
StateSaveLocation={tmp}/state
SlurmdSpoolDir={tmp}/spool
SlurmctldPidFile={tmp}/slurmctld.pid
SlurmdPidFile={tmp}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
ReturnToService=2
MailProg=/bin/true
NodeName=one NodeHostname={host} NodeAddr=127.0.0.1 Port={other} CPUs=1 State=UNKNOWN
PartitionName=all Nodes=one Default=YES MaxTime=INFINITE State=UP
"""


def have(word, *programs):
	"""Whether the programs are there; where CI is, scripts/setup WORD installs them."""
	there = all(shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for program in programs)
	if not there and os.environ.get('CI') and word == 'shards':
		subprocess.run(['scripts/setup', word], check=True)
		return True
	return there


def free_port():
	"""A port that is free."""
	with socket.socket() as one:
		one.bind(('127.0.0.1', 0))
		return one.getsockname()[1]


class Shards(unittest.TestCase):
	def setUp(self):
		directory = tempfile.TemporaryDirectory(ignore_cleanup_errors=True) if sys.version_info >= (3, 10) else \
			tempfile.TemporaryDirectory()
		self.addCleanup(directory.cleanup)
		self.tmp = directory.name
		night = DRIVER.replace('return [Explore(', ARMS + '\t\treturn [Explore(')
		nightly = f"#!/bin/sh\ncd '{self.tmp}' && exec '{sys.executable}' -c \"$(cat driver)\" \"$@\" --once\n"
		for name, text in (('out/dev/explore', EXPLORE), ('out/dev/replay', REPLAY), ('out/dev/shrink', SHRINK),
				   ('driver', night), ('scripts/nightly', nightly)):
			path = f'{self.tmp}/{name}'
			os.makedirs(os.path.dirname(path), exist_ok=True)
			with open(path, 'w', encoding='utf-8') as file:
				file.write(text)
			os.chmod(path, 0o755)
		os.environ['PATH'] += ':/usr/sbin:/sbin'

	def plan(self):
		return subprocess.run(['scripts/shards', 'plan', '2', '--hours', '0.002', '--seed', '7'], capture_output=True, text=True,
				      check=True).stdout

	def found(self, directory):
		return sorted((entry.check, entry.where) for entry in Ledger(f'{directory}/findings').entries.values())

	def merged(self):
		"""What the shards found is what one night of both has found."""
		home, shards = f'{self.tmp}/merged', [f'{self.tmp}/out/shards/{number}' for number in (1, 2)]
		run = subprocess.run(['scripts/shards', 'merge', *shards, '--dir', home], capture_output=True, text=True, check=False)
		self.assertEqual(1, run.returncode, run.stdout + run.stderr)
		both = subprocess.run(['scripts/nightly', '--hours', '0.004', '--seed', '7', '--dir', 'whole'], cwd=self.tmp,
				      env={**os.environ, 'ARMS': '4'}, capture_output=True, text=True, check=False)
		self.assertEqual(1, both.returncode, both.stdout + both.stderr)
		self.assertEqual(3, len(self.found(home)))
		self.assertEqual(self.found(f'{self.tmp}/whole'), self.found(home))
		self.assertLess(len(self.found(shards[0])), 3)

	def parallel(self, *words, **env):
		run = subprocess.run(['parallel', '--will-cite', *words], input=self.plan(), cwd=self.tmp, capture_output=True, text=True,
				     check=False, env={**os.environ, 'HOME': self.tmp, **env}, timeout=120)
		self.assertEqual(2, run.returncode, run.stdout + run.stderr)	# two shards found something
		return run

	def hosts(self):
		"""The network namespaces in which shards ran."""
		return {line for number in (1, 2) for line in evidence.read(f'{self.tmp}/out/shards/{number}/hosts').split()}

	def test_parallel(self):
		if not have('shards', 'parallel'):
			self.skipTest('no parallel: scripts/setup shards')
		self.parallel('-j', '2')
		self.merged()

	# --- a second host --------------------------------------------------------------------

	def background(self, *argv):
		"""A daemon in the foreground, which ends with the test."""
		with open(f'{self.tmp}/{os.path.basename(argv[0])}.log', 'ab') as log:
			daemon = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd='/')	# pylint: disable=consider-using-with

		def end():
			daemon.terminate()
			with contextlib.suppress(subprocess.TimeoutExpired):
				daemon.wait(10)
			daemon.kill()
		self.addCleanup(end)
		return daemon

	def second_host(self):
		"""A network namespace with a way to it. Return: what runs a command there, and its address."""
		name, here = f'shards{os.getpid()}', f'v{os.getpid()}'
		net = f'10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}'
		for argv in (['netns', 'add', name], ['link', 'add', here, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name],
			     ['addr', 'add', f'{net}.1/24', 'dev', here], ['link', 'set', here, 'up'],
			     ['-n', name, 'addr', 'add', f'{net}.2/24', 'dev', 'eth0'], ['-n', name, 'link', 'set', 'eth0', 'up'],
			     ['-n', name, 'link', 'set', 'lo', 'up']):
			run = subprocess.run(['ip', *argv], capture_output=True, text=True, check=False)
			if argv[:2] == ['netns', 'add'] and run.returncode == 0:
				self.addCleanup(subprocess.run, ['ip', 'netns', 'del', name], check=False)
			if run.returncode != 0:
				self.skipTest(f'no network namespace here: {run.stderr.strip()}')
		return ['ip', 'netns', 'exec', name], f'{net}.2'

	def test_ssh(self):
		"""one shard here and one on a second host"""
		if not have('shards', 'parallel', 'sshd', 'ssh', 'ip'):
			self.skipTest('no parallel, sshd, ssh or ip: scripts/setup shards')
		if os.getuid() != 0:
			self.skipTest('only root makes a network namespace')
		there, address = self.second_host()
		for key in ('host', 'user'):
			subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', f'{self.tmp}/{key}'], check=True)
		os.makedirs('/run/sshd', exist_ok=True)
		sshd = ['-D', '-e', '-f', '/dev/null', '-p', '2222', '-h', f'{self.tmp}/host', '-o', 'PidFile=none', '-o', 'StrictModes=no',
			'-o', f'AuthorizedKeysFile={self.tmp}/user.pub', '-o', 'UsePAM=no', '-o', 'PermitRootLogin=yes']
		daemon = self.background(*there, shutil.which('sshd'), *sshd)
		ssh = f'ssh -F /dev/null -p 2222 -i {self.tmp}/user -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'
		for _ in range(100):
			if subprocess.run([*ssh.split(), f'root@{address}', 'true'], capture_output=True, check=False).returncode == 0:
				break
			self.assertIsNone(daemon.poll(), 'sshd has ended')
			time.sleep(0.1)
		self.parallel('-j', '1', '--ssh', ssh, '--workdir', self.tmp, '-S', f':,root@{address}')
		self.assertEqual(2, len(self.hosts()))
		self.merged()

	# --- Slurm ----------------------------------------------------------------------------

	def test_slurm(self):
		"""a Slurm array of two"""
		if not have('slurm', 'sbatch', 'slurmctld', 'slurmd', 'munged'):
			self.skipTest('no Slurm: scripts/setup slurm')
		if os.getuid() != 0:
			self.skipTest('only root runs Slurm')
		conf = f'{self.tmp}/slurm.conf'
		for name in ('state', 'spool'):
			os.mkdir(f'{self.tmp}/{name}')
		with open(conf, 'w', encoding='ascii') as file:
			file.write(CONFIG.format(tmp=self.tmp, host=socket.gethostname().split('.', maxsplit=1)[0], port=free_port(), other=free_port()))
		with open(f'{self.tmp}/key', 'wb') as file:
			file.write(os.urandom(1024))
		os.chmod(f'{self.tmp}/key', 0o600)
		self.background('munged', '--foreground', '--force', '--key-file', f'{self.tmp}/key', '--socket', f'{self.tmp}/munge',
				'--pid-file', f'{self.tmp}/munged.pid', '--log-file', f'{self.tmp}/munged.log', '--seed-file', f'{self.tmp}/seed')
		self.background('slurmctld', '-D', '-f', conf)
		self.background('slurmd', '-D', '-f', conf, '-N', 'one')
		env = {**os.environ, 'SLURM_CONF': conf}
		for _ in range(300):
			if 'idle' in subprocess.run(['sinfo', '-h', '-o', '%T'], capture_output=True, text=True, check=False, env=env).stdout:
				break
			time.sleep(0.2)
		run = subprocess.run(['sbatch', '--wait', '--array=1-2', '-o', f'{self.tmp}/job-%a.log', '--wrap',
				      'scripts/nightly --hours 0.002 --seed 7 --shard $SLURM_ARRAY_TASK_ID/2 --jobs 1 '
				      '--dir out/shards/$SLURM_ARRAY_TASK_ID'], cwd=self.tmp, env=env, capture_output=True, text=True,
				     check=False, timeout=300)
		said = run.stdout + run.stderr
		for name in ('slurmctld.log', 'slurmd.log', 'job-1.log', 'job-2.log'):
			said += f"\n--- {name}\n{evidence.read(f'{self.tmp}/{name}')[-1500:]}"
		self.assertEqual(1, run.returncode, said)	# a shard's status, through all of it
		self.merged()


if __name__ == '__main__':
	tap.main()
