// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function folds when its line is clicked, or on Enter: its rows go, all below moves up. Without scripts the
 * picture stays as it is. A page that has the picture in it takes the script from it, once for all pictures.
 *
 * What has a place in time says in which rows it is: data-row, data-rows (from, and the row behind),
 * data-arrow (x and row at both ends); data-all: as long as there are rows. The rows of a frame that are in its
 * lane are hidden with it, those of other tasks stay.
 */
#include "svg.h"

static const char script[] =
	"<script><![CDATA[\n"
	"for (const dg of document.querySelectorAll('svg.dg')) {\n"
	"	const [row, top, rows, all] = dg.dataset.fold.split(' ').map(Number);\n"
	"	const parts = [...dg.querySelectorAll('[data-row],[data-rows],[data-arrow],[data-all]')];\n"
	"	const frames = parts.filter(one => one.classList.contains('frame'))\n"
	"		.map(one => [...one.dataset.rows.split(' ').map(Number), one.dataset.lane]);\n"
	"	const lane = new Map(parts.filter(one => one.matches('text[data-lane]')).map(one => [+one.dataset.row, one.dataset.lane]));\n"
	"	const folded = new Set();\n"
	"	const get = (one, name) => Number(name in one.dataset ? one.dataset[name] : one.dataset[name] = one.getAttribute(name));\n"
	"	const draw = () => {\n"
	"		const head = [], at = [];\n"
	"		for (let r = 0, y = 0; r <= rows; r++) {\n"
	"			const f = frames.find(f => folded.has(f[0]) && f[0] < r && r < f[1] && f[2] === lane.get(r));\n"
	"			head[r] = f ? head[f[0]] : r;\n"
	"			at[r] = f ? y : y++;\n"
	"		}\n"
	"		const place = r => at[head[r]], less = rows - at[rows];\n"
	"		for (const one of parts) {\n"
	"			const set = (name, value) => one.setAttribute(name, value), d = one.dataset;\n"
	"			if (d.rows) {\n"
	"				const [from, to] = d.rows.split(' ').map(Number), y = get(one, 'y') - (from - at[from]) * row;\n"
	"				const gone = (to > from ? to - from : 1) - Math.max(1, at[to] - at[from]);\n"
	"				set('y', y);\n"
	"				set('height', get(one, 'height') - Math.max(0, gone) * row);\n"
	"				const whole = one.classList.contains('cell') ? one.parentNode : one;\n"
	"				whole.style.display = d.lane && head[from] !== from || to > from && at[to] === at[from] ? 'none' : '';\n"
	"			} else if (d.row) {\n"
	"				const r = Number(d.row), own = head[r] === r || one.tagName === 'rect' || !d.lane;\n"
	"				set('y', get(one, 'y') - (r - place(r)) * row);\n"
	"				one.style.display = own ? '' : 'none';\n"
	"			} else if (d.arrow) {\n"
	"				const [x1, a, x2, b] = d.arrow.split(' ').map(Number), y = r => top + place(r) * row + row / 2 | 0;\n"
	"				const [line, tip] = one.querySelectorAll('path'), half = (x1 + x2) / 2 | 0;\n"
	"				line.setAttribute('d', `M${x1} ${y(a)} C${half} ${y(a)} ${half} ${y(b)} ${x2 - 6} ${y(b)}`);\n"
	"				tip.setAttribute('d', `M${x2} ${y(b)} l-7 -4 v8 z`);\n"
	"			} else if (one.tagName === 'rect') {\n"
	"				set('height', get(one, 'height') - less * row);\n"
	"			} else {\n"
	"				set('y2', get(one, 'y2') - less * row);\n"
	"			}\n"
	"		}\n"
	"		dg.querySelector('.below')?.setAttribute('transform', `translate(0 ${-less * row})`);\n"
	"		dg.setAttribute('height', all - less * row);\n"
	"		dg.setAttribute('viewBox', `0 0 ${dg.getAttribute('width')} ${all - less * row}`);\n"
	"	};\n"
	"	for (const one of dg.querySelectorAll('.open')) {\n"
	"		const r = Number(one.dataset.row), words = one.lastChild, text = words.data;\n"
	"		one.setAttribute('tabindex', 0);\n"
	"		one.setAttribute('role', 'button');\n"
	"		one.setAttribute('aria-expanded', true);\n"
	"		const fold = () => {\n"
	"			folded.has(r) ? folded.delete(r) : folded.add(r);\n"
	"			one.setAttribute('aria-expanded', !folded.has(r));\n"
	"			words.data = folded.has(r) ? text + (text.endsWith('{') ? ' ... }' : ' ...') : text;\n"
	"			draw();\n"
	"		};\n"
	"		one.addEventListener('click', fold);\n"
	"		one.addEventListener('keydown', event => {\n"
	"			if (event.key !== 'Enter' && event.key !== ' ') return;\n"
	"			event.preventDefault();\n"
	"			event.stopPropagation();\n"
	"			fold();\n"
	"		});\n"
	"	}\n"
	"}\n"
	"]]></script>\n";

void svg_script(const struct picture *p)
{
	fputs(script, p->out);
}
