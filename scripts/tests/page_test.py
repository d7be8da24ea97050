#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
A night's page in headless Chromium: no error on the console, nothing wider than the window at 390 and
1400 pixels, dark and light, the keyboard, an address for each finding, and commands that run when they
are copied. The night is made up, its findings are programs of the corpus.
"""
import base64
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import home
DEBIAN = '/usr/bin/python3'	# Debian's modules are its own
NEEDS = ('jinja2', 'pygal', 'selenium', 'jsonschema')


def able():
	"""Whether this Python has what the test needs."""
	importlib.invalidate_caches()
	try:
		for module in NEEDS:
			importlib.import_module(module)
	except ImportError:
		return False
	return shutil.which('chromedriver') is not None


if not able() and os.environ.get('CI') and not os.environ.get('PAGE_TEST'):
	subprocess.run(['scripts/setup', 'report', 'browser'], check=True)
if not able() and sys.executable != DEBIAN and not os.environ.get('PAGE_TEST') and os.path.exists(DEBIAN):
	os.execve(DEBIAN, [DEBIAN, os.path.abspath(__file__), *sys.argv[1:]], {**os.environ, 'PAGE_TEST': '1'})

from lib import evidence, tap
from lib.night import cause, record
from lib.night.ledger import Ledger

WHY = None if able() else f"needs {', '.join(NEEDS)} and chromedriver: scripts/setup report browser"
PROGRAMS = ('hib-double-dec', 'seed-v1-a', 'late-dec')


def engine(name, kind, **more):
	"""An engine of the record."""
	return {'name': name, 'code': 'core', 'kind': kind, 'variant': 'dev', 'unit': 'schedules', 'slices': 3, 'seconds': 30.5,
		'done': 123456, 'pairs': 9000, 'found': 1, 'curve': [[0, 1000], [10, 7000], [30, 9000]], 'worth': 0.31, **more}


def made_up(home):
	"""A night with three findings in @home, of which one is new. Return: its directory."""
	run = f'{home}/run/0007-made-up'
	os.makedirs(run)
	os.makedirs(f'{home}/finding')
	ledger = Ledger(f'{home}/findings')
	findings = []
	for number, program in enumerate(PROGRAMS):
		path = f'corpus/regress/{program}.prog'
		block = subprocess.run(['out/dev/replay', '--report', path], capture_output=True, text=True, check=True).stdout
		block = block[block.index('FAIL  '):]
		entry = ledger.add('core', cause.Cause(cause.key_of(block), block, evidence.read(path)), born=7 if number == 0 else 3,
				   program=path, repro=f'out/dev/replay --diagram {path}', variant='dev', replays='100 of 100')
		entry.seen(7, '1a2b3c4')
		entry.state = ('new', 'known', 'gone')[number]
		with open(f'{home}/finding/{entry.name}.txt', 'w', encoding='utf-8') as file:
			file.write(block)
		subprocess.run(['out/dev/replay', '--svg', f'{home}/finding/{entry.name}.svg', path], check=True,
			       stdout=subprocess.DEVNULL)
		findings.append({
			**{name: getattr(entry, name) for name in ('name', 'state', 'code', 'check', 'where', 'shape', 'first', 'last', 'gone',
								   'nights', 'replays', 'repro', 'note', 'flaw', 'variant')},
			'met': True, 'new': number == 0, 'engines': ['core explore dev portfolio'], 'like': [], 'todo': '',
			'origin': 'f: lock ci _ > takes _; f: takes _ > unlock <b>' if number == 0 else '',
			'further': [{'name': 'SLEEP-1234', 'check': 'SLEEP', 'where': 'core/mm/split.c; x', 'replays': '100 of 100',
				     'note': '', 'new': True,
				     'repro': f'out/dev/replay {path}', 'program': 'program 1\n', 'report': block}] if number == 1 else [],
			'program': evidence.read(path), 'report': block})
	ledger.write()
	facts = {
		'format': 'swaphammer night 1', 'night': 7, 'name': '0007-made-up', 'began': '2026-03-01 22:00:00',
		'ended': '2026-03-02 06:00:00', 'parameters': 'hours=8 seed=7 dir=out/nightly', 'revisions': {'core': '1a2b3c4'},
		'verdict': 'FAIL', 'failures': ['new: x'], 'reasons': ['core stress tsan: <killed> & "gone"'],
		'planned': {'seconds': 28800, 'engines': 3}, 'done': {'seconds': 28800, 'slices': 9, 'engines': 3}, 'starts': 1,
		'closing': 'nightly: FAIL hours=8', 'findings': findings,
		'engines': [engine('core explore dev portfolio', 'explore'), engine('core fuzz_program fuzz-asan', 'fuzz'),
			    engine('core stress tsan', 'stress', seconds=0, slices=0)],
		'corpus': [{'arm': 'core corpus dev', 'programs': 138, 'left': 0, 'failed': 0, 'seconds': 1.5}],
		'paths': {'split of a cached folio': 0, 'grace periods ended': 42},
		'coverage': {'lines': {'covered': 90, 'count': 100, 'percent': 90.0}, 'files': [
			{'name': 'core/swap/cluster.c', 'lines': 97.0, 'branches': 91.5,
			 'functions': [{'name': f'function_{n}', 'percent': n * 10.0, 'regions': 9} for n in range(11)]}]},
		'disk': {'used': 1 << 20, 'limit': 1 << 31},
	}
	for number in range(1, 8):
		record.remember(home, {**facts, 'night': number, 'findings': findings[number % 3:]})
	with open(f'{run}/run.json', 'w', encoding='utf-8') as file:
		file.write(record.dumps(facts))
	return run


@unittest.skipIf(WHY and not os.environ.get('CI'), WHY or '')
class Page(unittest.TestCase):
	@classmethod
	def setUpClass(cls):
		assert not WHY, WHY
		from selenium import webdriver		# pylint: disable=import-outside-toplevel
		from selenium.webdriver.chrome.service import Service	# pylint: disable=import-outside-toplevel
		directory = tempfile.TemporaryDirectory()
		cls.addClassCleanup(directory.cleanup)
		cls.home = directory.name
		cls.night = made_up(cls.home)
		subprocess.run([sys.executable, 'scripts/lib/start.py', 'page', cls.night, cls.home], check=True)
		options = webdriver.ChromeOptions()
		for word in ('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'):
			options.add_argument(word)
		options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
		cls.browser = webdriver.Chrome(service=Service(shutil.which('chromedriver')), options=options)
		cls.addClassCleanup(cls.browser.quit)

	def show(self, width=1400, dark=False, where=''):
		self.browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride',
					     {'width': width, 'height': 900, 'deviceScaleFactor': 1, 'mobile': False})
		self.browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {'features': [
			{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}]})
		self.browser.get('about:blank')
		self.browser.get(f'file://{self.night}/report.html{where}')

	def js(self, text, *words):
		return self.browser.execute_script(text, *words)

	def test_self_contained(self):
		"""valid by its schema; one file, nothing of the network in it, names of others escaped"""
		import jsonschema			# pylint: disable=import-outside-toplevel
		with open('scripts/lib/night/schema.json', encoding='utf-8') as schema, \
				open(f'{self.night}/run.json', encoding='utf-8') as facts:
			jsonschema.validate(json.load(facts), json.load(schema))
		text = evidence.read(f'{self.night}/report.html')
		self.assertNotRegex(text, r'(src|href)="(https?:)?//|@import|url\(')
		self.assertIn('&lt;killed&gt; &amp; &#34;gone&#34;', text)
		self.assertNotRegex(text, 'built-in|object at 0x|>None<')
		self.assertIn('in f: after <code>takes _</code> comes <code>unlock &lt;b&gt;</code>', text)
		self.assertRegex(text, r'op\d+: [^<]*\ncore/swap/\w+\.[ch]:\d+ in \w+</title>')
		self.assertRegex(text, 'nr_swap_pages is the pages of the enabled devices .*<br><span class="values">nr_swap_pages -?\\d')

	def test_widths(self):
		"""no error on the console, nothing wider than the window, text that stands out, in both colours"""
		seen = set()
		for width in (390, 1400):
			for dark in (False, True):
				with self.subTest(width=width, dark=dark):
					self.show(width, dark)
					self.assertEqual([], self.browser.get_log('browser'))
					self.assertLessEqual(self.js('return document.documentElement.scrollWidth'), width)
					colours = self.js('const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]')
					light = [sum(map(int, text[4:-1].split(','))) for text in colours]
					self.assertGreater(abs(light[0] - light[1]), 450)
					self.assertEqual(dark, light[0] > light[1])
					seen.add(tuple(colours))
					first = self.js('return document.querySelector("h1").getBoundingClientRect().bottom')
					self.assertLess(first, 300)
					self.assertGreater(self.js('return parseFloat(getComputedStyle(document.querySelector("code")).fontSize)'), 11)
		self.assertEqual(2, len(seen))

	def test_addresses(self):
		"""each finding has an address of its own, which opens it; new ones are open and first"""
		self.show()
		names = self.js('return [...document.querySelectorAll(".finding")].map(one => one.id)')
		self.assertEqual(3, len(set(names)))
		self.assertEqual([True, False, False], self.js('return [...document.querySelectorAll(".finding")].map(one => one.open)'))
		for name in names:
			self.show(where='#' + name)
			self.assertTrue(self.js('return document.getElementById(arguments[0]).open', name))
			self.assertTrue(self.js('return !!document.querySelector("#" + CSS.escape(arguments[0]) + " .picture svg")', name))
		self.show(where='#SLEEP-1234')	# a further check of the second one
		self.assertEqual([True, True], self.js('const one = document.getElementById("SLEEP-1234");'
						       'return [one.open, one.closest(".finding").open]'))

	def test_fold(self):
		"""a function of a picture folds and unfolds, by mouse and by keyboard; what is hidden is not in the way"""
		from selenium.webdriver.common.keys import Keys		# pylint: disable=import-outside-toplevel
		self.show()
		self.js('document.querySelectorAll(".finding").forEach(one => { one.open = true; })')
		seen = 'const dg = document.querySelectorAll(".finding")[1].querySelector("svg.dg");' \
			'return [Number(dg.getAttribute("height")), [...dg.querySelectorAll("[data-row]")].filter(one => one.getClientRects().length).length]'
		whole = self.js(seen)
		one = self.js('return [...document.querySelectorAll(".finding")[1].querySelectorAll(".dg .open")].find(one => /\\{$/.test(one.lastChild.data))')
		self.js('arguments[0].dispatchEvent(new MouseEvent("click"))', one)
		folded = self.js(seen)
		self.assertEqual('false', one.get_attribute('aria-expanded'))
		self.assertTrue(folded[0] < whole[0] and folded[1] < whole[1], (folded, whole))
		one.send_keys(Keys.ENTER)
		self.assertEqual(whole, self.js(seen))
		self.js('document.querySelectorAll(".dg .open").forEach(one => one.dispatchEvent(new MouseEvent("click")))')
		self.assertLess(self.js(seen)[0], folded[0])
		self.assertEqual([], self.browser.get_log('browser'))

	def test_print(self):
		"""a picture prints on one page, however long it is"""
		path = f'{self.home}/long.svg'
		subprocess.run(['out/dev/replay', '--svg', path, '--full', 'corpus/regress/hib-double-dec.prog'], check=True,
			       stdout=subprocess.DEVNULL)
		self.browser.get(f'file://{path}')
		self.assertGreater(self.js('return Number(document.documentElement.getAttribute("height"))'), 1200)
		text = base64.b64decode(self.browser.execute_cdp_cmd('Page.printToPDF', {'printBackground': True})['data'])
		self.assertEqual(1, len(re.findall(rb'/Type */Page\b', text)))

	def test_keyboard(self):
		from selenium.webdriver.common.keys import Keys		# pylint: disable=import-outside-toplevel
		self.show()
		at = 'return document.activeElement.closest(".finding")?.id'
		names = self.js('return [...document.querySelectorAll(".finding")].map(one => one.id)')
		seen = []
		for key in 'jjjk':
			self.browser.switch_to.active_element.send_keys(key)
			seen.append(self.js(at))
		self.assertEqual([names[0], names[1], names[2], names[1]], seen)
		self.browser.switch_to.active_element.send_keys(Keys.ENTER)
		self.assertTrue(self.js('return document.getElementById(arguments[0]).open', names[1]))
		self.browser.switch_to.active_element.send_keys(Keys.TAB)
		self.assertNotEqual('none', self.js('return getComputedStyle(document.activeElement).outlineStyle'))

	def test_commands(self):
		"""what the buttons copy runs"""
		self.show()
		self.js('window.copied = []; navigator.clipboard.writeText = text => { copied.push(text); return Promise.resolve(); };'
			'document.querySelectorAll("details").forEach(one => { one.open = true; });')
		buttons = self.browser.find_elements('css selector', '.copy')
		for button in buttons:
			self.js('arguments[0].scrollIntoView({block: "center"})', button)
			button.click()
		copied = self.js('return copied')
		self.assertEqual(6, len(copied))	# three to replay and a further check, two to mark
		self.assertEqual(len(buttons), self.js('return [...document.querySelectorAll(".copy")]'
						      '.filter(one => one.dataset.said === "Copied").length'))
		for command in copied:
			run = subprocess.run(['sh', '-c', command], capture_output=True, text=True, check=False)
			self.assertEqual(0, run.returncode, command + run.stdout + run.stderr)
		self.assertEqual(['fixed', 'fixed', 'gone'], sorted(entry.state for entry in Ledger(f'{self.home}/findings').entries.values()))


if __name__ == '__main__':
	tap.main()
