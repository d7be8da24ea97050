# SPDX-License-Identifier: GPL-2.0-only
"""
First-order mutants: what could be wrong in one place of code with locks, references, counters
and lists. A rule is a function from a file and one of its functions to edits; each edit is a mutant.
"""
import hashlib
import re

from lib.mutation.source import Source

LOCK = re.compile(r'(?:(?P<result>[\w>.*-]+) = )?(?P<call>\w*(?:lock|lock_irq|lock_bh|lock_irqsave))\((?P<args>.*)\);$')
UNLOCK = re.compile(r'(?P<call>\w*unlock\w*)\((?P<args>.*)\);$')
NO_LOCK = re.compile(r'trylock|is_locked|unlock|_relock|assert|may_lock')
ASSERT = re.compile(r'\b(VM_)?(WARN|BUG)\w*\(|\bBUILD_BUG|lockdep_|\btrace_\w+\(|\bdata_race\(|^cluster_locked\(')
PLANTED = re.compile(r'\bmutant\(')
COUNTER = re.compile(r'^(\w[\w>.\[\]-]*\s*[+-]=|(\+\+|--)|.*(\+\+|--);$|(atomic\w*|percpu_counter)_(add|sub|inc|dec)\w*\(|'
		     r'swap_(usage|range)_\w+\(|\w*mod_\w*(state|stat\w*)\(|(add|inc|dec|sub)_mm_counter\w*\(|count_\w*event\w*\()')
WAKE = re.compile(r'^\(?(void)?\)?(wake_up\w*|complete\w*|schedule_work|queue_work\w*|mod_delayed\w*|flush_work|wait_for_completion)\(')
PUT = re.compile(r'^(\w*put|put_\w+|\w+_put_\w+|folio_ref_sub|percpu_ref_(kill|put|resurrect)|page_ref_\w+|\w*_get|folio_ref_add)\(')
STORE = re.compile(r'^(\w+(->|\.|\[)[\w>.\[\]-]* = .*|WRITE_ONCE\(.*|rcu_assign_pointer\(.*|smp_store_\w+\(.*|set_pte\w*\(.*|__swap_table_set\(.*|'
		   r'this_cpu_write\(.*|folio_(set|clear|mark)_?\w*\(.*);$')
CALL = re.compile(r'^(\([a-z]+\))?[a-z_]\w*\(.*\);$')
FAILED = re.compile(r'^(return (-E|NULL|false|err|ret|error|ERR_)|goto )')
FAIL_LABEL = re.compile(r'err|fail|undo|bad|free|unwind|abort|put|out')
WEAKER = (
	(r'\bsmp_store_release\(\s*([^;]*?),\s*([^;,]*)\)(?=;)', r'WRITE_ONCE(*(\1), \2)'),
	(r'\bsmp_load_acquire\(([^()]*)\)', r'READ_ONCE(*(\1))'),
	(r'\b(atomic\w*_(?:set|read))_(?:release|acquire)\(', r'\1('),
	(r'\b(?!smp_|lock_|atomic\w*_(?:set|read)_)(\w+)_(?:release|acquire)\(', r'\1_relaxed('),
	(r'\brcu_assign_pointer\(', 'WRITE_ONCE('),
	(r'\brcu_dereference\w*\(([^(),]*)(?:,[^;]*?)?\)', r'READ_ONCE(\1)'),
	(r'\bsmp_\w*mb(?:__\w+)?\(\)|\bsynchronize_rcu\w*\(\)', '(void)0'),
)
LISTS = {
	r'\bfree_clusters\b': 'full_clusters', r'\bfull_clusters\b': 'free_clusters',
	r'\bdiscard_clusters\b': 'free_clusters',
	r'\bnonfull_clusters\b': 'frag_clusters', r'\bfrag_clusters\b': 'nonfull_clusters',
	r'\blist_add_tail\b': 'list_add', r'\blist_move_tail\b': 'list_move',
	r'\bswap_active_head\b': 'swap_avail_head', r'\bswap_avail_head\b': 'swap_active_head',
	r'\bCLUSTER_FLAG_NONFULL\b': 'CLUSTER_FLAG_FRAG', r'\bCLUSTER_FLAG_FRAG\b': 'CLUSTER_FLAG_NONFULL',
	r'\bCLUSTER_FLAG_FULL\b': 'CLUSTER_FLAG_NONFULL', r'\bCLUSTER_FLAG_FREE\b': 'CLUSTER_FLAG_NONE',
	r'\bCLUSTER_FLAG_DISCARD\b': 'CLUSTER_FLAG_FREE',
}
BOUNDS = {'<': '<=', '<=': '<', '>': '>=', '>=': '>'}


class Mutant:
	"""
	@rule, @path, @line, @function: what was done, and where
	@words: the statement that was changed, in one line
	@nth: of those of a rule in one function that change the same words: 1, 2, ...
	@text: the file as it is now
	"""

	def __init__(self, rule, source, function, statement, text):
		self.rule, self.path, self.function = rule, source.path, function.name
		self.line = source.line(statement.start)
		self.words = source.words(statement)
		self.text = text
		self.nth = 1
		self.name = f'{rule}:{self.path}:{self.line}'

	@property
	def key(self):
		"""Changes with the file."""
		return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def _calls(source, function):
	"""Statements that are expressions, without assertions and what belongs to planted bugs."""
	planted = {n for head in function.statements if head.kind == 'if' and
		   re.match(r'mutant\(', source.words(head)) for n in range(*head.body)}
	for n, statement in enumerate(function.statements):
		words = source.words(statement)
		if statement.kind == 'call' and n not in planted and not ASSERT.search(words) and \
		   not PLANTED.search(words):
			yield n, statement, words


def _gone(statement):
	return statement.start, statement.end, ';'


def _twice(source, statement):
	text = source.text[statement.start:statement.end]
	return statement.start, statement.end, f'{{ {text} {text} }}'


def _exchange(source, first, second):
	return [(first.start, first.end, source.text[second.start:second.end]),
		(second.start, second.end, source.text[first.start:first.end])]


def _unlock_of(source, words):
	"""A statement takes a lock: the words of the calls that let go of it. None: it takes none."""
	match = LOCK.match(words)
	if not match or NO_LOCK.search(match['call']) and not match['call'].endswith('read_lock'):
		return None
	what = match['result'] or match['args'].split(', ')[-1 if match['call'].startswith('pte_') else 0]
	name = re.sub(r'lock(_irq|_bh|_irqsave)?$', '', match['call'])
	return re.compile(rf'{re.escape(name)}unlock\w*\((.*, )?{re.escape(what)}(, .*)?\);$')


def lock_drop(source, function):
	"""A lock is not taken: neither taken nor let go anywhere in this function, or let go at once."""
	calls = list(_calls(source, function))
	seen = set()
	for _, statement, words in calls:
		unlock = _unlock_of(source, words)
		if not unlock:
			continue
		unlocks = [other for _, other, said in calls if unlock.match(said)]
		if not LOCK.match(words)['result']:
			if words in seen:
				continue
			seen.add(words)
			yield statement, [_gone(other) for _, other, said in calls if said == words] + \
				[_gone(other) for other in unlocks]
		elif unlocks:
			text = source.text[statement.start:statement.end]
			at_once = source.words(unlocks[0])
			yield statement, [(statement.start, statement.end, f'{{ {text} {at_once} }}')] + \
				[_gone(other) for other in unlocks]


def lock_early(source, function):
	"""A lock is let go before the last statement of its section."""
	calls = list(_calls(source, function))
	for (n, before, said), (m, statement, words) in zip(calls, calls[1:]):
		if UNLOCK.match(words) and not UNLOCK.match(said) and \
		   _neighbours(source, function.statements[n:m + 1]):
			yield statement, _exchange(source, before, statement)


def _neighbours(source, statements):
	"""The first and the last run one after the other; between them are assertions and tracepoints only."""
	first, *between, last = statements
	return first.block == last.block and first.label == last.label and \
		last.index - first.index == len(between) + 1 and not first.alone and not last.alone and \
		all(ASSERT.search(source.words(other)) for other in between)


def _condition(source, head, pattern):
	text = source.text[head.start:head.end]
	return [(head.start, head.end, pattern.format(text))]


def recheck_drop(source, function):
	"""What is looked at again after a lock was taken is not."""
	last = None
	for n, statement in enumerate(function.statements):
		words = source.words(statement)
		if statement.kind == 'call' and _unlock_of(source, words):
			last = n
		elif statement.kind == 'if' and last is not None and n - last <= 4:
			body = function.statements[slice(*statement.body)]
			if body and body[-1].kind == 'jump' and not PLANTED.match(words.lstrip('!')):
				yield statement, _condition(source, statement, '0 && ({})')


def cond_negate(source, function):
	"""A condition is negated."""
	for head in function.statements:
		words = source.words(head)
		if head.kind == 'if' and not re.match(r'!?mutant\([^()]*\)$', words) and not ASSERT.search(words):
			yield head, _condition(source, head, '!({})')


def bound_off(source, function):
	"""A bound is off by one."""
	for statement in function.statements:
		if statement.kind == 'jump' and not re.match(r'return\b', source.words(statement)):
			continue
		if ASSERT.search(source.words(statement)):
			continue
		code = source.code[statement.start:statement.end]
		for match in re.finditer(r'(?<=\s)(<=?|>=?)(?=\s)', code):
			start = statement.start + match.start()
			yield statement, [(start, start + len(match[0]), BOUNDS[match[0]])]
		if statement.kind in ('call', 'declaration', 'if', 'while', 'for', 'jump'):
			for match in re.finditer(r'(?<=[\w)\]]) [+-] 1\b(?![uUlL.]*\w| *<<)', code):
				start = statement.start + match.start()
				yield statement, [(start, start + len(match[0]), ' + 0')]


def counter_double(source, function):
	"""A counter is changed twice."""
	for _, statement, words in _calls(source, function):
		if COUNTER.match(words):
			yield statement, [_twice(source, statement)]


def counter_drop(source, function):
	"""A counter is not changed."""
	for _, statement, words in _calls(source, function):
		if COUNTER.match(words):
			yield statement, [_gone(statement)]


def counter_move(source, function):
	"""A counter is changed after the section that it belongs to."""
	calls = list(_calls(source, function))
	for n, statement, words in calls:
		if not COUNTER.match(words) or statement.alone:
			continue
		for m, other, said in calls:
			if m > n and other.block == statement.block and UNLOCK.match(said) and not other.alone and \
			   not any(later.kind == 'jump' and later.block == statement.block
				   for later in function.statements[n:m]):
				text = source.text[statement.start:statement.end]
				yield statement, [_gone(statement), (other.end, other.end, ' ' + text)]
				break


def undo_drop(source, function):
	"""An error path does not take back what was done."""
	statements = function.statements
	failing = set()
	for head in statements:
		if head.body[0] < head.body[1]:
			body = range(*head.body)
			last = statements[body[-1]]
			if last.kind == 'jump' and FAILED.match(source.words(last)):
				failing.update(n for n in body if statements[n].block == last.block)
	for n, statement, words in _calls(source, function):
		if (n in failing or FAIL_LABEL.search(statement.label)) and CALL.match(words) and \
		   not UNLOCK.match(words) and not LOCK.match(words):
			yield statement, [_gone(statement)]


def store_swap(source, function):
	"""Two stores that follow each other change places."""
	calls = list(_calls(source, function))
	for (n, first, said), (m, second, words) in zip(calls, calls[1:]):
		if STORE.match(said) and STORE.match(words) and _neighbours(source, function.statements[n:m + 1]):
			yield first, _exchange(source, first, second)


def order_weak(source, function):
	"""Release, acquire or a barrier is missing."""
	for statement in function.statements:
		text = source.text[statement.start:statement.end]
		for pattern, weaker in WEAKER:
			new = re.sub(pattern, weaker, text, count=1)
			if new != text and not NO_LOCK.search(text):
				yield statement, [(statement.start, statement.end, new)]


def _drop_or_double(pattern, double, what):
	def rule(source, function):
		for _, statement, words in _calls(source, function):
			if pattern.match(words):
				yield statement, [_twice(source, statement) if double else _gone(statement)]
	rule.__doc__ = what
	return rule


def wrong_list(source, function):
	"""A list, an end of it, or the flag that names it, is another one."""
	for statement in function.statements:
		words = source.words(statement)
		if ASSERT.search(words):
			continue
		for pattern, other in LISTS.items():
			match = re.search(pattern, source.code[statement.start:statement.end])
			if match:
				yield statement, [(statement.start + match.start(), statement.start + match.end(), other)]


RULES = {
	'lock-drop': lock_drop,
	'lock-early': lock_early,
	'recheck-drop': recheck_drop,
	'cond-negate': cond_negate,
	'bound-off': bound_off,
	'counter-double': counter_double,
	'counter-drop': counter_drop,
	'counter-move': counter_move,
	'undo-drop': undo_drop,
	'store-swap': store_swap,
	'order-weak': order_weak,
	'wake-drop': _drop_or_double(WAKE, False, 'A wake-up, or work, is missing.'),
	'wake-double': _drop_or_double(WAKE, True, 'A wake-up, or work, is there twice.'),
	'put-drop': _drop_or_double(PUT, False, 'A reference is missing.'),
	'put-double': _drop_or_double(PUT, True, 'A reference is there twice.'),
	'wrong-list': wrong_list,
}


def _apply(text, edits):
	for start, end, new in sorted(edits, reverse=True):
		# no line moves: what comes behind keeps its number
		old = text[start:end]
		new = re.sub(r'\s*\n\s*', ' ', new) + '\n' * old.count('\n')
		text = text[:start] + new + text[end:]
	return text


def mutants(path, text, wanted=None):
	"""
	All mutants of a file, each with a name of its own: "RULE:FILE:LINE", with ".2" and so on for
	more of a rule in one line.

	@path: as names have it
	@text: what is in it
	@wanted: names of rules; None: all

	Return: a list of Mutants, in the order of rules and lines.
	"""
	source = Source(path, text)
	found, texts, names, said = [], {text}, {}, {}
	for rule, edits_of in RULES.items():
		if wanted and rule not in wanted:
			continue
		for function in source.functions:
			for statement, edits in edits_of(source, function):
				mutant = Mutant(rule, source, function, statement, _apply(text, edits))
				if mutant.text in texts:
					continue
				texts.add(mutant.text)
				names[mutant.name] = names.get(mutant.name, 0) + 1
				if names[mutant.name] > 1:
					mutant.name += f'.{names[mutant.name]}'
				words = mutant.rule, mutant.function, mutant.words
				mutant.nth = said[words] = said.get(words, 0) + 1
				found.append(mutant)
	return found
