# SPDX-License-Identifier: GPL-2.0-only
"""
Renders a night's page: start.py page RUN HOME writes RUN/report.html from RUN/run.json. It is one file
that needs nothing else. A process of its own: it runs under the Python that has Debian's Jinja2 and
pygal, which need not be the first one in PATH.
"""
import os
import re

from lib import evidence, files
from lib.night import record
from lib.start import PASS, Trouble

CHECKS = 'core/check/checks.def'
TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'night')
TOLD = ('UAF', 'OOB', 'UBSAN', 'RACE', 'HANG', 'CRASH', 'WARN', 'BUG')	# checks that are no sentence about the code
COLOURS = tuple(f'var(--c{n})' for n in range(1, 9))


def inline(svg, prefix=''):
	"""A picture for the inside of HTML: no XML head, no scripts, identifiers of its own."""
	svg = re.sub(r'<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!--.*?-->|<script.*?</script>', '', svg, flags=re.S)
	if prefix:
		svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
		svg = re.sub(r'url\(#', f'url(#{prefix}-', svg)
		svg = re.sub(r'href="#', f'href="#{prefix}-', svg)
	return svg.strip()


def _script(home, findings):
	"""What folds functions in the pictures: it is in each of them."""
	for finding in findings:
		found = re.search(r'<script><!\[CDATA\[(.*?)\]\]></script>', evidence.read(f"{home}/finding/{finding['name']}.svg"), re.S)
		if found:
			return found.group(1)
	return ''


def chart(pygal, title, series, x_title, kind='XY', height=300, **more):
	"""A chart as inline SVG; None if there is nothing to draw."""
	series = [(name, points) for name, points in series if points]
	if not series:
		return None
	style = pygal.style.Style(background='transparent', plot_background='transparent', foreground='var(--fg)',
				  foreground_strong='var(--fg)', foreground_subtle='var(--line)', colors=COLOURS,
				  font_family='inherit', label_font_size=12, legend_font_size=13, title_font_size=15)
	if len(series) == 1:	# the title says whose it is
		title = f'{title}: {series[0][0]}'
	drawing = getattr(pygal, kind)(js=[], style=style, width=760, height=height, explicit_size=False, title=title,
				     x_title=x_title, dots_size=2, legend_at_bottom=True, show_legend=len(series) > 1, truncate_legend=-1,
				     legend_at_bottom_columns=2, disable_xml_declaration=True, **more)
	for name, points in series:
		drawing.add(name, points)
	return inline(drawing.render(is_unicode=True))


def _thin(points, most=120):
	step = max(1, len(points) // most)
	return [tuple(point) for point in points[::step]] + [tuple(point) for point in points[-1:]]


def _best(curve):
	"""A curve of the most pairs of a run so far."""
	found, best = [], 0
	for at, pairs in curve:
		best = max(best, pairs)
		found.append((at, best))
	return found


def charts(facts, history, pygal):
	"""The page's curves: {name: SVG or None}."""
	explore = [arm for arm in facts['engines'] if arm['kind'] == 'explore' and arm['curve']]
	explore.sort(key=lambda arm: -arm['pairs'])
	fuzz = [arm for arm in facts['engines'] if arm['kind'] == 'fuzz']
	trend = [night for night in history if isinstance(night.get('night'), int)][-60:]
	labels = [str(night['night']) for night in trend]

	def over(field):
		return [night.get(field) for night in trend] if any(night.get(field) for night in trend) else []
	return {
		'pairs': chart(pygal, 'Pairs of events met', [(arm['name'], _thin(_best(arm['curve']))) for arm in explore[:6]],
				'seconds of the engine'),
		'edges': chart(pygal, 'Edges reached by the fuzzers', [(arm['name'], [arm['pairs']]) for arm in fuzz if arm['pairs']],
				'', 'HorizontalBar', print_values=True),
		'findings': chart(pygal, 'Findings of each night', [('new', over('new')), ('met', over('met'))], 'night', 'Line',
				   x_labels=labels) if len(trend) > 1 else None,
		'rate': chart(pygal, 'Schedules a second', [('all explorations', over('rate'))], 'night', 'Line',
			       x_labels=labels) if len(trend) > 1 else None,
	}


def sentence(finding):
	"""What must hold, as core/check/checks.def has it, and the values that disagree, as the report has them."""
	known = re.search(rf'^CHECK\("{re.escape(finding["check"])}", ((?:"[^"]*"\s*)+)', evidence.read(CHECKS), re.M)
	rule = ''.join(re.findall('"([^"]*)"', known.group(1))) if known else ''
	found = re.search(r'^FAIL  .*\n((?:      .*\n)+)', finding['report'] + '\n', re.M)
	said = ' '.join(found.group(1).split()) if found else ''
	return rule, said[len(rule):].strip()[:400] if said.startswith(rule) else said[:400]


def many(count, what):
	"""A number of things in words."""
	return f"{count} {what}{'s' if count != 1 else ''}"


def summary(facts):
	"""The verdict in a sentence for a reader who has seen nothing else."""
	new = [finding for finding in facts['findings'] if finding['new']]
	known = [finding for finding in facts['findings'] if finding['met'] and not finding['new']]
	again = [finding for finding in known if finding['nights'] > 1 or not finding['flaw']]
	flaws = len(known) - len(again)		# that no night of this directory met before
	hours = facts['done']['seconds'] / 3600
	took = f'{hours:.1f} hours' if hours >= 1 else many(round(facts['done']['seconds'] / 60), 'minute')
	text = many(len(new), 'new finding') if new else 'Nothing new'
	text += f" in {took}"
	if flaws:
		text += f"; {many(flaws, 'known flaw')} of the tree {'were' if flaws != 1 else 'was'} met"
	if again:
		text += f"; {len(again)} known one{'s were' if len(again) != 1 else ' was'} met again"
	idle = facts['planned']['engines'] - facts['done']['engines']
	if idle > 0:
		text += f"; {idle} of {facts['planned']['engines']} engines had no time"
	undone = len(facts['reasons'])
	return text + ('.' if not undone else f"; {many(undone, 'part')} of the night could not be done.")


def templates(jinja2, directory):
	"""Jinja2's environment for the templates of @directory; all pages have style.css."""
	environment = jinja2.Environment(loader=jinja2.FileSystemLoader([directory, TEMPLATE]), autoescape=True, trim_blocks=True,
					 lstrip_blocks=True, undefined=jinja2.StrictUndefined)
	environment.filters['big'] = lambda number: f'{number:,}'.replace(',', ' ')
	return environment


def material(path):
	"""
	What a page is made from, and the modules that make it.

	Return: (the JSON at @path, jinja2, pygal). Raises: Trouble: no record, or Debian's modules are missing.
	"""
	try:
		import jinja2		# pylint: disable=import-outside-toplevel
		import pygal		# pylint: disable=import-outside-toplevel
	except ImportError as error:
		raise Trouble(f'no page: {error}; scripts/setup report installs it') from error
	facts = files.read_json(path)
	if facts is None:
		raise Trouble(f'no page: no record in {path}')
	return facts, jinja2, pygal


def render(run, home):
	"""
	Return: the page as text. Raises: Trouble: no record, or Debian's modules are missing.
	"""
	facts, jinja2, pygal = material(f'{run}/run.json')
	order = {'new': 0, 'known': 1, 'gone': 2, 'fixed': 3}
	facts['findings'].sort(key=lambda finding: (not finding['new'], order.get(finding['state'], 9), not finding['met'],
						    finding['name']))
	for finding in facts['findings']:
		finding['rule'], finding['says'] = sentence(finding)
		finding['says_all'] = finding['check'] in TOLD
		finding['odd'] = re.findall(r'(?:^|; )([^:;]+): ([^;]*?) > ([^;]*)', finding['origin'])
		finding['picture'] = inline(evidence.read(f"{home}/finding/{finding['name']}.svg"), finding['name'])
	facts['coverage'] = {'lines': None, 'files': [], **facts['coverage']}
	return templates(jinja2, TEMPLATE).get_template('page.html').render(
		night=facts, summary=summary(facts), charts=charts(facts, record.history(home), pygal),
		nights=list(reversed(record.history(home)[-30:])), home=home, fold=_script(home, facts['findings']))


def main(argv):
	"""Return: the exit status. Raises: Trouble, OSError."""
	run, home = argv
	files.write(f'{run}/report.html', render(run, home))
	return PASS
