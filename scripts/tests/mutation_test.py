#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Mutants by rule (scripts/lib/mutation): each rule fires where it should and nowhere else."""
import tempfile
import unittest

import home		# noqa: F401
from lib import mutate, tap
from lib.mutation import build, rules, sorted as survivors
from lib.mutation.source import Source
from lib.start import Trouble

# nothing but counters of the harness, which no rule touches
UNDECIDED = ('core/mm/io_count.c',)

FAKE = """
#define STEP(x) do { (x) += 1; } while (0)
/* if (a) { a comment } */
static int take(struct thing *t, int n)
	__must_hold(t->lock)
{
	int err, i;

	spin_lock(&t->lock);
	trace_taken(t);
	if (t->gone)
		goto out;
	for (i = 0; i < n; i++)
		t->sum += i;
	WRITE_ONCE(t->a, 1);
	WRITE_ONCE(t->b, "if (x) }");
	t->count++;
	spin_unlock(&t->lock);
	err = charge(t);
	if (err) {
		uncharge(t);
		return err;
	}
	smp_store_release(&t->flags, n - 1);
	wake_up(&t->wait);
	list_add_tail(&t->list, &t->free_clusters);
	thing_put(t);
	if (mutant(PLANTED))
		thing_put(t);
	VM_WARN_ON_ONCE(t->count > 3);
	return 0;
out:
	spin_unlock(&t->lock);
	return -ENOENT;
}
"""
EXPECTED = {
	'lock-drop': [9], 'lock-early': [18], 'recheck-drop': [11], 'cond-negate': [11, 20],
	'bound-off': [13, 24], 'counter-double': [14, 17], 'counter-drop': [14, 17], 'counter-move': [17],
	'undo-drop': [21], 'store-swap': [15], 'order-weak': [24], 'wake-drop': [25], 'wake-double': [25],
	'put-drop': [27], 'put-double': [27], 'wrong-list': [26, 26],
}


class Rules(unittest.TestCase):
	def setUp(self):
		self.found = rules.mutants('fake.c', FAKE)

	def test_places(self):
		"""each rule has its mutants where they belong, and no other"""
		lines = {}
		for mutant in self.found:
			lines.setdefault(mutant.rule, []).append(mutant.line)
			self.assertEqual('take', mutant.function)
		self.assertEqual(set(rules.RULES), set(lines), 'a rule without a mutant')
		for rule, where in EXPECTED.items():
			self.assertEqual(where, lines[rule], rule)

	def test_names(self):
		"""each mutant has a name and a text of its own, and moves no line"""
		self.assertEqual(len(self.found), len({mutant.name for mutant in self.found}))
		self.assertEqual(len(self.found), len({mutant.text for mutant in self.found}))
		for mutant in self.found:
			self.assertEqual(FAKE.count('\n'), mutant.text.count('\n'), mutant.name)
		self.assertIn('wrong-list:fake.c:26.2', [mutant.name for mutant in self.found])

	def text(self, name):
		"""The lines of a mutant that differ from the original."""
		mutant = next(mutant for mutant in self.found if mutant.name == name)
		return [new.strip() for old, new in zip(FAKE.split('\n'), mutant.text.split('\n')) if old != new]

	def test_texts(self):
		"""what some of them say"""
		self.assertEqual([';', ';', ';'], self.text('lock-drop:fake.c:9'))
		self.assertEqual(['if (0 && (t->gone))'], self.text('recheck-drop:fake.c:11'))
		self.assertEqual(['for (i = 0; i <= n; i++)'], self.text('bound-off:fake.c:13'))
		self.assertEqual([';', 'spin_unlock(&t->lock); t->count++;'], self.text('counter-move:fake.c:17'))
		self.assertEqual(['WRITE_ONCE(*(&t->flags), n - 1);'], self.text('order-weak:fake.c:24'))
		self.assertEqual(['spin_unlock(&t->lock);', 't->count++;'], self.text('lock-early:fake.c:18'))

	def test_quiet(self):
		"""nothing in comments, strings, macros, assertions and what a planted bug does"""
		self.assertEqual([], rules.mutants('fake.c', '/* { a += 1; } */\n#define X { a += 1; }\n'))
		self.assertNotIn(29, [mutant.line for mutant in self.found])
		self.assertNotIn(30, [mutant.line for mutant in self.found])

	def test_real(self):
		"""all functions of the sources are read to their end, and each file has mutants but those without decisions"""
		for name, path in build.Core().sources().items():
			with open(path, encoding='utf-8') as file:
				text = file.read()
			source = Source(name, text)
			self.assertEqual(text.count('\n{\n'), len(source.functions), name)
			self.assertEqual(name not in UNDECIDED, bool(rules.mutants(name, text)), name)


class Choice(unittest.TestCase):
	def choose(self, *words):
		return [mutant.name for mutant in mutate.choose(build.Core(), mutate.parse(words))]

	def test_sample(self):
		"""a sample is a matter of its seed, and what is asked for"""
		self.assertEqual(self.choose('--sample', '5', '--seed', '3'), self.choose('--sample', '5', '--seed', '3'))
		self.assertNotEqual(self.choose('--sample', '5'), self.choose('--sample', '5', '--seed', '2'))
		for name in self.choose('--rule', 'put-drop', '--file', 'core/swap/device.c'):
			self.assertTrue(name.startswith('put-drop:core/swap/device.c:'), name)

	def test_refused(self):
		"""a file or a mutant that is not there"""
		self.assertRaises(Trouble, self.choose, '--file', 'core/swap/devise.c')
		self.assertRaises(Trouble, self.choose, '--file', 'put-drop:core/swap/device.c:1')


class Survivors(unittest.TestCase):
	def test_list(self):
		"""what is listed is there: a rule makes it of the source as it is; a tree's are not looked up"""
		there = set()
		for name, path in build.Core().sources().items():
			with open(path, encoding='utf-8') as file:
				there.update(survivors.of(mutant) for mutant in rules.mutants(name, file.read()))
		for entry in survivors.read():
			if entry[1].startswith('core/'):
				self.assertTrue(entry in there, entry)

	def test_bad(self):
		"""a line without an argument, or of no class, is refused with its number"""
		with tempfile.NamedTemporaryFile('w', suffix='.txt') as file:
			file.write('# x\nequivalent\tput-drop\ta.c\tf\tput(x);\t\n')
			file.flush()
			with self.assertRaisesRegex(Trouble, ':2: expected'):
				survivors.read(file.name)

	def test_score(self):
		"""equivalent ones do not count, in neither form"""
		found = rules.mutants('fake.c', FAKE)[:4]
		done = {mutant.name: {'verdict': word, 'schedules': 3, 'seconds': 0.5}
			for mutant, word in zip(found, ('killed', 'survived', 'survived', 'equivalent'))}
		self.assertEqual(0.5, mutate.summary(found, done, {found[1].name: ('equivalent', 'x')})[1])
		self.assertEqual(1 / 3, mutate.summary(found, done, {})[1])


if __name__ == '__main__':
	tap.main()
