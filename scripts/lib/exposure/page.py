# SPDX-License-Identifier: GPL-2.0-only
"""
Renders the page of scripts/bench exposure: start.py exposure.page HOME writes HOME/report.html from
HOME/report.json. One file that needs nothing else, made by Debian's Jinja2 and pygal.
"""
import os

from lib import files, page
from lib.exposure import survival
from lib.start import PASS

TEMPLATES = os.path.dirname(os.path.abspath(__file__))


def _steps(curve):
	"""A Kaplan-Meier estimate as corners: the share of trials in which it was detected until then."""
	points, share = [], 0.0
	for time, left in curve:
		points += [(time, share), (time, 1 - left)]
		share = 1 - left
	return points


def _chart(pygal, title, of, scale):
	series = [(engine, _steps(one['curve'])) for engine, one in (of or {'engines': {}})['engines'].items()]
	return page.chart(pygal, title, series, survival.SCALES[scale], height=430, range=(0, 1), show_dots=False,
			  y_labels=[0, 0.25, 0.5, 0.75, 1], y_title='share of trials', stroke_style={'width': 2})


def render(home):
	"""Return: the page as text. Raises: Trouble: no record, or Debian's modules are missing."""
	facts, jinja2, pygal = page.material(f'{home}/report.json')
	stats = facts['stats']

	def of(scale, mutant):
		return stats.get(scale, {}).get(mutant)

	def one(scale, mutant, engine):
		return (of(scale, mutant) or {'engines': {}})['engines'].get(engine)
	charts = {mutant: [_chart(pygal, 'All mutants' if mutant == survival.ALL else mutant, of(scale, mutant), scale)
			   for scale in survival.SCALES] for mutant in [survival.ALL, *facts['counts']]}
	environment = page.templates(jinja2, TEMPLATES)
	environment.filters.update(interval=survival.interval, p=survival.p_value)
	return environment.get_template('page.html').render(
		facts=facts, charts=charts, one=one, of=of, all=survival.ALL, scales=survival.SCALES)


def main(argv):
	"""Return: the exit status. Raises: Trouble, OSError."""
	home, = argv
	files.write(f'{home}/report.html', render(home))
	return PASS
