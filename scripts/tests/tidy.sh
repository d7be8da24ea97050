#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tree is tidy; and scripts/tidy finds one planted mistake of each kind, and nothing in a
# file without any. TAP; exit 1 if a test failed.
set -uo pipefail
cd "$(dirname "$0")/../.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

ok() { echo "ok - $1"; }
not_ok() { failed=1; echo "not ok - $1: $2"; }

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
plant "a long test is fine" core/check/test/x.c '' < <(echo "$spdx"; yes '' | head -n 500)
plant "a space at the end of a line" scripts/x 'space at the end' <<<'echo '
plant "something left to do" core/mm/x.c 'left to do' <<<"$spdx"$'\n'"/* FIX""ME */"
plant "cmocka outside tests" core/check/x.c 'cmocka' <<<"$spdx"$'\n''#include <cmocka.h>'
for header in '<stdlib.h>' '<pthread.h>' '<urcu/list.h>' '<machine/task.h>' '<mm/mm.h>'; do
	plant "core/swap includes $header" core/swap/x.c 'includes something else' \
		<<<"$spdx"$'\n'"#include $header"
done
plant "core/mm may include swap" core/mm/x.c '' <<<"$spdx"$'\n''#include <swap/swap.h>'
plant "a quoted header of somebody else" core/mm/x.c 'not in its own directory' \
	<<<"$spdx"$'\n''#include "stdlib.h"'
for call in 'printf("x")' 'malloc(1)' 'free(p)' 'rand()' 'time(0)' 'assert(p)'; do
	plant "core/swap calls $call" core/swap/x.c "${call%%(*}: use|time: nothing" <<-EOF
		$spdx
		void f(void) { $call; }
	EOF
done
plant "a sanitizer's interface in core/mm" core/mm/x.c 'through the seam' \
	<<<"$spdx"$'\n''void f(void) { __tsan_acquire(0); }'

# the graph
mkdir -p "$tree/core/swap"
rm -rf "${tree:?}"/*; mkdir -p "$tree/core/swap"
echo "$spdx" | tee "$tree/core/swap/listed.c" >"$tree/core/swap/forgotten.c"
# shellcheck disable=SC2016
echo 'build $o/listed.o: cc core/swap/listed.c' >"$tree/build.ninja"
found=$(scripts/tidy --root "$tree")
if grep -q '^core/swap/forgotten.c:1: in no ninja fragment' <<<"$found" &&
   ! grep -q '^core/swap/listed.c' <<<"$found"; then
	ok "a source that is not built"
else
	not_ok "a source that is not built" "said: $found"
fi
if grep -q '^build.ninja:1: .*listed.o is built, but in no list' <<<"$found"; then
	ok "an object that is linked to nothing"
else
	not_ok "an object that is linked to nothing" "said: $found"
fi
exit "$failed"
