#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/test in a small tree of its own, whose tests are shell scripts: that a test of which no
# result was seen fails the run, whatever the reason, and what the closing line counts.
# TAP; exit 1 if a test failed.
set -uo pipefail
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tree=$tmp/tree
failed=0 nr=0
ok() { nr=$((nr + 1)); echo "ok $nr - $1"; }
not_ok() { nr=$((nr + 1)); failed=1; echo "not ok $nr - $1: $2"; }

# a tree with two tests in each variant, of two rules
variants=(dev asan tsan fuzz-asan fuzz-tsan cov bench bench-nochecks)
plant() {	# FILE: a test that passes
	mkdir -p "$(dirname "$1")"
	printf '#!/bin/sh\n%s\n' "${2-echo 1..1; echo ok 1 - fine}" >"$1"
}
new_tree() {
	local v
	rm -rf "$tree"
	mkdir -p "$tree/scripts/tests" "$tree/out"
	cp -r scripts/test "$tree/scripts"
	printf '#!/bin/sh\n' >"$tree/scripts/setup"
	plant "$tree/scripts/tests/script.sh" 'echo ok - script'
	plant "$tree/core/a/test/one_test.c"
	plant "$tree/fuzz/test/two_test.c"
	chmod +x "$tree"/scripts/{setup,tests/script.sh}
	{
		echo 'builddir = out'
		echo 'rule test'
		echo '  command = cp $in $out && chmod +x $out'
		echo 'rule another'
		echo '  command = cp $in $out && chmod +x $out'
	} >"$tree/build.ninja"
	for v in dev asan tsan; do
		echo "build out/$v/a_one_test: test core/a/test/one_test.c"
		echo "build out/$v/fuzz_two_test: another fuzz/test/two_test.c"
		echo "build $v: phony out/$v/a_one_test out/$v/fuzz_two_test"
	done >>"$tree/build.ninja"
	for v in "${variants[@]:3}"; do echo "build $v: phony scripts/test"; done >>"$tree/build.ninja"
}
# run STATUS LAST-LINE NAME [ARGUMENT...]: and every line of $says is there
run() {
	local want=$1 last=$2 name=$3 code=0 line
	shift 3
	timeout 60 "$tree/scripts/test" "$@" >"$tmp/log" 2>&1 </dev/null || code=$?
	line=$(tail -n 1 "$tmp/log")
	if [ "$code" != "$want" ] || [ "$line" != "$last" ]; then
		not_ok "$name" "exit status $code, last line '$line', not $want, '$last'"
	elif [ -n "${says-}" ] && ! grep -qE -- "$says" "$tmp/log"; then
		not_ok "$name" "no '$says' in the output"
	else
		ok "$name"
		return
	fi
	sed 's/^/# /' "$tmp/log"
}

new_tree
run 0 '8 passed, 0 failed' "every test runs in dev, asan and tsan, of whatever rule"
says='ok [0-9]+ - tsan: fuzz_two_test: fine' run 0 '2 passed, 0 failed' "a variant" --variant tsan two

plant "$tree/core/a/test/planted_test.c"
says='not ok [0-9]+ - dev: core/a/test/planted_test.c: no result' \
	run 1 '8 passed, 3 failed' "a test that nothing builds"
says='not ok [0-9]+ - dev: core/a/test/planted_test.c: no result' \
	run 1 '4 passed, 3 failed' "a test that nothing builds, in a pattern" 'planted|one'
rm "$tree/core/a/test/planted_test.c"

sed -i '/out.asan.fuzz_two_test:/d; s| out/asan/fuzz_two_test||' "$tree/build.ninja"
says='not ok [0-9]+ - asan: fuzz/test/two_test.c: no result' \
	run 1 '7 passed, 1 failed' "a test that is taken out of a variant"

new_tree
sed -i 's| out/dev/fuzz_two_test$||' "$tree/build.ninja"
says='not ok [0-9]+ - dev: fuzz_two_test: no result' \
	run 1 '7 passed, 2 failed' "a test that is not built since it is in no list"

new_tree
sed -i '/^ninja -t compdb/,/binaries$/s|/_test|/one_test|' "$tree/scripts/test"
says='not ok [0-9]+ - tsan: fuzz/test/two_test.c: no result' \
	run 1 '5 passed, 3 failed' "a binary that is taken out of the list by hand"

new_tree
plant "$tree/core/a/test/one_test.c" 'echo 1..1'
says='no result' run 1 '5 passed, 6 failed' "a test that says nothing"
plant "$tree/core/a/test/one_test.c" 'echo "1..2"; echo "ok 1 - fine"'
says='ran 1 of 2 tests' run 1 '8 passed, 3 failed' "a test that stops early"
plant "$tree/core/a/test/one_test.c" 'echo 1..1; echo not ok 1 - wrong; exit 1'
says='^# not ok 1 - wrong' run 1 '5 passed, 3 failed' "a test that fails, with its output"
plant "$tree/core/a/test/one_test.c" 'echo 1..1; kill -SEGV $$'
says='exit status 139' run 1 '5 passed, 6 failed' "a test that crashes"
plant "$tree/core/a/test/one_test.c" \
	'echo 1..2; echo ok 1 - fine; echo "# skip: needs the moon"; echo "not ok 2 # SKIP there"'
says='^# skipped: tsan: a_one_test: .*needs the moon' \
	run 0 '8 passed, 0 failed, 3 skipped' "what is skipped is counted, with its reason"

new_tree
chmod -x "$tree/scripts/tests/script.sh"
says='not ok [0-9]+ - script.sh: ' run 1 '7 passed, 2 failed' "a script that cannot be executed"

new_tree
sed -i '0,/cp $in/s//false/' "$tree/build.ninja"
says='not ok 1 - build' run 2 '0 passed, 1 failed' "a build that fails is no failed test: 2"

echo "1..$nr"
exit "$failed"
