#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tree is tidy; and scripts/tidy finds one planted mistake of each kind, and nothing in a
# file without any. TAP; exit 1 if a test failed.
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
tree=$tmp/tree
mkdir "$tree"

if found=$(scripts/tidy); then
	ok "the tree is tidy"
else
	not_ok "the tree is tidy" "$(wc -l <<<"$found") findings"
	sed 's/^/# /' <<<"$found"
fi

spdx='// SPDX-License-Identifier: GPL-2.0-only'
# plant NAME FILE PATTERN: standard input becomes FILE; tidy must say PATTERN, or nothing
plant() {
	local name=$1 file=$2 pattern=$3 found got=0
	rm -rf "${tree:?}"/*
	mkdir -p "$tree/$(dirname "$file")"
	cat >"$tree/$file"
	found=$(scripts/tidy --root "$tree" 2>&1) || got=$?
	if [ -z "$pattern" ] && [ "$got" = 0 ] && [ -z "$found" ]; then
		ok "$name"
	elif [ -n "$pattern" ] && [ "$got" = 1 ] && grep -qE "^$file:[0-9]+: .*$pattern" <<<"$found"; then
		ok "$name"
	else
		not_ok "$name" "exit status $got, said: ${found:-nothing}"
	fi
}

plant "nothing is found where nothing is" core/swap/good.c '' <<-EOF
	$spdx
	#include <kernel/slab.h>
	/* printf(), free() and time() in a comment
	 * malloc() */
	int kfree_rcu_sensitive(int x) { return kfree(x); } // rand()
EOF
plant "a file without a licence" core/check/x.h 'SPDX' <<<'int x;'
plant "a long line" stress/x.c '121 columns' <<<"$spdx"$'\n'"$(printf '\t%113s' x)"
plant "a long file" core/check/x.c 'more than 500 lines' < <(echo "$spdx"; yes '' | head -n 500)
plant "a long function" fuzz/x.c 'a function of 71 lines' < <(echo "$spdx"; echo '{'; yes '' | head -n 69; echo '}')
plant "one of 70 lines is fine" fuzz/x.c '' < <(echo "$spdx"; echo '{'; yes '' | head -n 68; echo '}')
plant "a long test is fine" core/check/test/x.c '' < <(echo "$spdx"; yes '' | head -n 500)
plant "a space at the end of a line" scripts/x 'space at the end' <<<'echo '
plant "a ninja without the lock" scripts/x 'without the lock' <<<'ninja --quiet out/x || exit 1'
plant "a ninja without the lock, in Python" scripts/x.py 'without the lock' <<<"subprocess.run(['ninja', 'out/x'])"
plant "a ninja with the lock" scripts/x '' <<<'flock out/lock/build ninja --quiet out/x'
plant "a ninja that only tells" scripts/x.py '' <<<"subprocess.run(['ninja', '-t', 'targets', 'all'])"
plant "something left to do" core/mm/x.c 'left to do' <<<"$spdx"$'\n'"/* FIX""ME */"
plant "cmocka outside tests" core/check/x.c 'cmocka' <<<"$spdx"$'\n''#include <cmocka.h>'
for header in '<stdlib.h>' '<pthread.h>' '<urcu/list.h>' '<machine/task.h>' '<mm/mm.h>'; do
	plant "core/swap includes $header" core/swap/x.c 'includes something else' \
		<<<"$spdx"$'\n'"#include $header"
done
plant "core/mm may include swap" core/mm/x.c '' <<<"$spdx"$'\n''#include <swap/swap.h>'
plant "a quoted header of another directory" core/mm/x.c 'not in its own directory' \
	<<<"$spdx"$'\n''#include "stdlib.h"'
for call in 'printf("x")' 'malloc(1)' 'free(p)' 'rand()' 'time(0)' 'assert(p)'; do
	plant "core/swap calls $call" core/swap/x.c "${call%%(*}: use|time: nothing" <<-EOF
		$spdx
		void f(void) { $call; }
	EOF
done
plant "a sanitizer's interface in core/mm" core/mm/x.c 'through the seam' \
	<<<"$spdx"$'\n''void f(void) { __tsan_acquire(0); }'

rm -rf "${tree:?}"/*
mkdir -p "$tree/core/check"
printf '# x\n## 7. Tables\n### 7.2 One\n1. item\n' >"$tree/core/SPEC.md"
printf '%s\n' "$spdx" '/* SPEC 7, SPEC 7.1, SPEC 7.2, SPEC 7.3 */' >"$tree/core/check/x.c"
found=$(scripts/tidy --root "$tree")
check "a citation of a section that does not exist" "$found" [ "$found" = "core/check/x.c:2: SPEC 7.3: core/SPEC.md has no such section" ]
printf '%s\n' "$spdx" 'CHECK("INV-Z9", "a", "b")' >"$tree/core/check/checks.def"
echo "$spdx" >"$tree/core/check/x.c"
found=$(scripts/tidy --root "$tree")
check "a check without a test" "$found" [ "$found" = "core/check/checks.def:1: INV-Z9: no test names it" ]
mkdir -p "$tree/core/check/test"
printf '%s\n' "$spdx" '/* INV-Z9 */' >"$tree/core/check/test/x_test.c"
check "a check with a test" "$(scripts/tidy --root "$tree")" scripts/tidy --root "$tree"

# the graph: planted in a copy of the real one
graph() {	# NAME PATTERN SED-SCRIPT FILE
	local name=$1 pattern=$2 found got=0
	rm -rf "${tree:?}"/*
	cp -r build.ninja core stress fuzz scripts "$tree"
	sed -i "$3" "$tree/$4"
	found=$(scripts/tidy --root "$tree" 2>&1) || got=$?
	if [ -z "$pattern" ] && [ "$got" = 0 ] && [ -z "$found" ]; then
		ok "$name"
	elif [ -n "$pattern" ] && [ "$got" = 1 ] && grep -qE "$pattern" <<<"$found"; then
		ok "$name"
	else
		not_ok "$name" "exit status $got, said: ${found:-nothing}"
	fi
}
graph "the graph itself is complete" '' '' build.ninja
swap=$(grep -rl --include='*.ninja' 'cc core/swap/table.c' core)
graph "a source that is not built" '^core/swap/table.c:1: in no ninja fragment' \
	's|cc core/swap/table.c|cc core/swap/elsewhere.c|' "$swap"
graph "a source that only a comment names" '^core/swap/table.c:1: in no ninja fragment' \
	's|^build .*cc core/swap/table.c|# &|' "$swap"
graph "an object that is linked to nothing" "^$swap:[0-9]+: .*table.o is built, but in no list" \
	'/^    .*swap.table.o/d' "$swap"
graph "what trees would share, compiled where each of them links" '^fuzz/engines.ninja:[0-9]+: \$o/ beside' \
	'$ a build $o/fuzz.d/engine.o: cc_raw fuzz/run/engine.c' fuzz/engines.ninja
graph "a test that is in no list" '^core/test.ninja:[0-9]+: .*mm_mm_test is built, but in no list' \
	'/^    .*mm_mm_test/d' core/test.ninja
graph "a test of another rule that is in no list" \
	'^fuzz/test.ninja:[0-9]+: .*fuzz_pairs_test is built, but in no list' \
	'/^    .*fuzz_pairs_test/d' fuzz/test.ninja
graph "a list that is in no list" '^fuzz/test.ninja:[0-9]+: .*sim-tests is built, but in no list' \
	's| \$o/sim-tests||' scripts/ninja/graph-tests.ninja
graph "a fragment that is not included" '^fuzz/test.ninja:1: no fragment includes it' \
	'/test.ninja/d' scripts/ninja/sim-tests.ninja

finish
